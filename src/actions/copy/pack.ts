import { createReadStream, type Stats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, type Readable } from "node:stream";

import { type Header, type Pack, pack } from "tar-stream";

import { CancelledError, UsageError } from "../../model/error.ts";
import { explainLocal } from "./local.ts";

/**
 * A file or folder of this machine as a tar stream, under a name of its own; "." is its content alone. Read piece by
 * piece as the other end takes it: memory stays flat whatever the size.
 */
export function packLocal(path: string, name: string, signal: AbortSignal): Readable {
  const archive = pack();
  const output = new PassThrough();
  archive.on("error", (error) => output.destroy(error));
  archive.pipe(output);
  fill({ archive, signal, links: new Map() }, path, name).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

interface Filling {
  readonly archive: Pack;
  readonly signal: AbortSignal;
  /** Files with several names: where the content is in the archive. */
  readonly links: Map<string, string>;
}

async function fill(filling: Filling, path: string, name: string): Promise<void> {
  if (filling.signal.aborted) throw new CancelledError();
  try {
    const stat = await lstat(path);
    if (name !== ".") await addEntry(filling, path, { name, stat });
    if (!stat.isDirectory()) return;
    for (const child of (await readdir(path)).toSorted()) await fill(filling, join(path, child), `${name}/${child}`);
  } catch (error) {
    throw explainLocal(error, path);
  }
}

async function addEntry({ archive, links }: Filling, path: string, entry: Entry): Promise<void> {
  const { name, stat } = entry;
  const header = headerOf(entry);
  if (stat.isDirectory()) return void archive.entry({ ...header, name: `${name}/`, type: "directory" });
  if (stat.isSymbolicLink()) return void archive.entry({ ...header, type: "symlink", linkname: await readlink(path) });
  if (stat.isFIFO()) return void archive.entry({ ...header, type: "fifo" });
  // Sockets belong to a process, and devices to a machine: neither has anything to copy.
  if (!stat.isFile()) return;
  const key = `${stat.dev}:${stat.ino}`;
  const first = links.get(key);
  if (first !== undefined) return void archive.entry({ ...header, type: "link", linkname: first });
  if (stat.nlink > 1) links.set(key, name);
  if (stat.size === 0) return void archive.entry({ ...header, size: 0 }, "");
  await addContent(archive, path, { ...header, size: stat.size });
}

type PlainHeader = Partial<Header> & Pick<Header, "name">;

interface Entry {
  readonly name: string;
  readonly stat: Stats;
}

/** Numbers above what tar's own field holds go into a pax record. */
const largestId = 0o7777777;

function headerOf({ name, stat }: Entry): PlainHeader {
  const { uid, gid } = stat;
  const pax = { ...(uid > largestId && { uid: String(uid) }), ...(gid > largestId && { gid: String(gid) }) };
  return { name, mode: stat.mode & 0o7777, mtime: stat.mtime, uid, gid, ...(Object.keys(pax).length > 0 && { pax }) };
}

async function addContent(archive: Pack, path: string, header: PlainHeader & { readonly size: number }): Promise<void> {
  // `end` pins what we announced: a file that grows meanwhile must not tear the archive.
  const content = createReadStream(path, { end: header.size - 1 });
  await new Promise<void>((settle, fail) => {
    const entry = archive.entry(header, (error) => {
      if (error === null || error === undefined) settle();
      else fail(content.bytesRead < header.size ? new UsageError(`${path} shrank while it was copied`) : error);
    });
    content.on("error", fail);
    content.pipe(entry);
  });
}
