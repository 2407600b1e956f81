import type { Stats } from "node:fs";
import { lstat, open, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

import { tarEnd, type TarEntry, tarHeader, tarPadding } from "../../executor/tar.ts";
import { CancelledError, UsageError } from "../../model/error.ts";
import { inOrder } from "./in-order.ts";
import { explainLocal, type LocalSource } from "./local.ts";

/** Files up to this size are read whole, several at a time; larger ones piece by piece. */
const smallBytes = 64 * 1024;
const pieceBytes = 256 * 1024;
const readAhead = 16;

/**
 * A file or folder of this machine as a tar archive, under a name of its own; "." is its content alone. Read as the other
 * end takes it: memory stays flat whatever the size.
 */
export async function* packLocal(
  { path, isFolder }: Pick<LocalSource, "path" | "isFolder">,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  /** Files with several names: where the content is in the archive. */
  const links = new Map<string, string>();
  let batch: Uint8Array[] = [];
  let batched = 0;
  for await (const item of inOrder(walk(path, name, isFolder), readAhead, look)) {
    for await (const bytes of bytesOf(item, links)) {
      if (signal.aborted) throw new CancelledError();
      batch.push(bytes);
      batched += bytes.length;
      if (batched < pieceBytes) continue;
      yield Buffer.concat(batch);
      [batch, batched] = [[], 0];
    }
  }
  yield Buffer.concat([...batch, tarEnd]);
}

interface Place {
  readonly path: string;
  readonly name: string;
}

/** The place itself and, of a folder, all that is below it, each folder before what is in it. */
async function* walk(path: string, name: string, isFolder: boolean): AsyncGenerator<Place> {
  if (name !== ".") yield { path, name };
  if (!isFolder) return;
  const children = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw explainLocal(error, path);
  });
  for (const child of children.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    yield* walk(join(path, child.name), `${name}/${child.name}`, child.isDirectory());
  }
}

interface Item extends Place {
  readonly stat: Stats;
  /** Of a small file. */
  readonly content?: Uint8Array;
  /** Of a link. */
  readonly target?: string;
}

async function look({ path, name }: Place): Promise<Item> {
  try {
    const stat = await lstat(path);
    if (stat.isSymbolicLink()) return { path, name, stat, target: await readlink(path) };
    const small = stat.isFile() && stat.size <= smallBytes && stat.nlink === 1;
    return { path, name, stat, ...(small && { content: await readFile(path) }) };
  } catch (error) {
    throw explainLocal(error, path);
  }
}

async function* bytesOf(item: Item, links: Map<string, string>): AsyncGenerator<Uint8Array> {
  const { path, name, stat, content, target } = item;
  const { mode, uid, gid } = stat;
  const common = { name, mode: mode & 0o7777, uid, gid, modified: stat.mtimeMs, sizeBytes: 0 };
  if (stat.isDirectory()) return yield tarHeader({ ...common, name: `${name}/`, kind: "folder" });
  if (target !== undefined) return yield tarHeader({ ...common, kind: "symlink", target });
  if (stat.isFIFO()) return yield tarHeader({ ...common, kind: "fifo" });
  // Sockets belong to a process, and devices to a machine: neither has anything to copy.
  if (!stat.isFile()) return;
  if (content !== undefined) {
    const { length } = content;
    yield Buffer.concat([tarHeader({ ...common, kind: "file", sizeBytes: length }), content, tarPadding(length)]);
    return;
  }
  const key = `${stat.dev}:${stat.ino}`;
  const first = links.get(key);
  if (first !== undefined) return yield tarHeader({ ...common, kind: "hardLink", target: first });
  if (stat.nlink > 1) links.set(key, name);
  yield* largeFile(path, { ...common, kind: "file", sizeBytes: stat.size });
}

async function* largeFile(path: string, entry: TarEntry): AsyncGenerator<Uint8Array> {
  yield tarHeader(entry);
  const handle = await open(path).catch((error: unknown) => {
    throw explainLocal(error, path);
  });
  try {
    // No more than was announced: a file that grows meanwhile must not tear the archive.
    for (let left = entry.sizeBytes; left > 0;) {
      const piece = Buffer.allocUnsafe(Math.min(left, pieceBytes));
      const { bytesRead } = await handle.read(piece, 0, piece.length);
      if (bytesRead === 0) throw new UsageError(`${path} shrank while it was copied`);
      left -= bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
  yield tarPadding(entry.sizeBytes);
}
