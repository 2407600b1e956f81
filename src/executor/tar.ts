export interface TarFile {
  /** Absolute or relative to where it is unpacked; long names are carried in a pax record. */
  readonly name: string;
  readonly content: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** An archive of one file: too little for a library, and secrets must not wait in a stream's buffers. */
export function tarOf(file: TarFile): Uint8Array {
  const name = file.name.replace(/^\/+/, "");
  const long = Buffer.byteLength(name) > 100 || /[^\x20-\x7e]/.test(name);
  const pax = Buffer.from(paxRecord("path", name));
  return Buffer.concat([
    ...(long ? [header({ ...file, name: "pax", size: pax.length, type: "x" }), padded(pax)] : []),
    header({ ...file, name: long ? "file" : name, size: file.content.length, type: "0" }),
    padded(file.content),
    Buffer.alloc(1024),
  ]);
}

function header(entry: Omit<TarFile, "content"> & { readonly size: number; readonly type: string }): Buffer {
  const block = Buffer.alloc(512);
  block.write(entry.name, 0, 100, "ascii");
  writeOctal(block, 100, 8, entry.mode);
  writeOctal(block, 108, 8, entry.uid);
  writeOctal(block, 116, 8, entry.gid);
  writeOctal(block, 124, 12, entry.size);
  writeOctal(block, 136, 12, Math.floor(Date.now() / 1000));
  block.write("        ", 148, "ascii");
  block.write(entry.type, 156, "ascii");
  block.write("ustar\u000000", 257, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}

function writeOctal(block: Buffer, at: number, width: number, value: number): void {
  block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "ascii");
}

function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** "27 path=/run/secrets/…\n": the number counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length += 1;
  return `${length} ${key}=${value}\n`;
}
