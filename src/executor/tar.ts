export interface TarFile {
  /** Absolute or relative to where it is unpacked; long names are carried in a pax record. */
  readonly name: string;
  readonly content: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface TarEntry extends Omit<TarFile, "content"> {
  readonly kind: keyof typeof types;
  /** Of a file's content, which follows the header. */
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Of a link. */
  readonly target?: string | undefined;
}

const types = { file: "0", hardLink: "1", symlink: "2", folder: "5", fifo: "6" } as const;

/** An archive of one file: too little for a library, and secrets must not wait in a stream's buffers. */
export function tarOf({ content, ...file }: TarFile): Uint8Array {
  const entry: TarEntry = { ...file, kind: "file", sizeBytes: content.length, modified: Date.now() };
  return Buffer.concat([tarHeader(entry), content, tarPadding(content.length), tarEnd]);
}

export const tarEnd: Uint8Array = Buffer.alloc(1024);

/** What has to follow so much content. */
export function tarPadding(sizeBytes: number): Uint8Array {
  return Buffer.alloc((512 - (sizeBytes % 512)) % 512);
}

/** What stands before an entry's content; what the format's old fields cannot hold stands in a pax record before that. */
export function tarHeader(entry: TarEntry): Buffer {
  const name = entry.name.replace(/^\/+/, "");
  const records = [
    ...(fits(name) ? [] : [paxRecord("path", name)]),
    ...(entry.target === undefined || fits(entry.target) ? [] : [paxRecord("linkpath", entry.target)]),
    ...(entry.sizeBytes <= largest(12) ? [] : [paxRecord("size", String(entry.sizeBytes))]),
    ...(entry.uid <= largest(8) ? [] : [paxRecord("uid", String(entry.uid))]),
    ...(entry.gid <= largest(8) ? [] : [paxRecord("gid", String(entry.gid))]),
  ];
  const own = block({ ...entry, name: fits(name) ? name : "entry", type: types[entry.kind] });
  if (records.length === 0) return own;
  const pax = Buffer.from(records.join(""));
  const before = block({ ...entry, name: "pax", target: undefined, type: "x", sizeBytes: pax.length });
  return Buffer.concat([before, pax, tarPadding(pax.length), own]);
}

function fits(name: string): boolean {
  return /^[\x20-\x7e]{0,100}$/.test(name);
}

/** What so wide a field of octal digits can say. */
function largest(width: number): number {
  return 8 ** (width - 1) - 1;
}

function block(entry: Omit<TarEntry, "kind"> & { readonly type: string }): Buffer {
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100, "ascii");
  writeOctal(header, 100, 8, entry.mode);
  writeOctal(header, 108, 8, entry.uid);
  writeOctal(header, 116, 8, entry.gid);
  writeOctal(header, 124, 12, entry.sizeBytes);
  writeOctal(header, 136, 12, Math.max(0, Math.floor(entry.modified / 1000)));
  header.write("        ", 148, "ascii");
  header.write(entry.type, 156, "ascii");
  if (entry.target !== undefined && fits(entry.target)) header.write(entry.target, 157, 100, "ascii");
  header.write("ustar\u000000", 257, "ascii");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return header;
}

function writeOctal(header: Buffer, at: number, width: number, value: number): void {
  const written = value <= largest(width) ? value : 0;
  header.write(`${written.toString(8).padStart(width - 1, "0")}\0`, at, "ascii");
}

/** "27 path=/run/secrets/…\n": the number counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length += 1;
  return `${length} ${key}=${value}\n`;
}
