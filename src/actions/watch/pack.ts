import { constants } from "node:fs";
import { type FileHandle, lstat, open, readlink } from "node:fs/promises";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";

import { type Pack, pack } from "tar-stream";

import { archiveTime } from "../../engine/build/archive-time.ts";
import type { HostPath } from "../../planner/watch.ts";

export interface PackOptions {
  /** false: the folders are in the container already, as folders or as links to some. */
  readonly folders: boolean;
}

/** One archive of everything that changed; files are read one after the other, so memory stays flat. */
export function packFiles(files: ReadonlyMap<string, HostPath>, options: PackOptions): Readable {
  const archive = pack();
  const output = new PassThrough();
  archive.on("error", (error) => output.destroy(error));
  archive.pipe(output);
  fill(archive, files, options).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

async function fill(archive: Pack, files: ReadonlyMap<string, HostPath>, { folders }: PackOptions): Promise<void> {
  for (const [target, host] of files) {
    const file = path.join(host.root, host.path);
    // What vanished meanwhile is in the next batch, as removed.
    const stats = await lstat(file).catch(() => undefined);
    if (stats === undefined) continue;
    // The engine gives everything to the user that the container runs as.
    const header = {
      name: target.slice(1),
      mode: stats.mode & 0o7777,
      mtime: archiveTime(stats.mtime),
      uid: 0,
      gid: 0,
    };
    if (stats.isDirectory()) {
      if (folders) archive.entry({ ...header, type: "directory" });
    } else if (stats.isSymbolicLink()) {
      archive.entry({ ...header, type: "symlink", linkname: await readlink(file) });
    } else if (stats.isFile()) await addFile(archive, header, file);
  }
}

async function addFile(archive: Pack, header: Parameters<Pack["entry"]>[0], file: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    await new Promise<void>((settle, fail) => {
      const entry = archive.entry({ ...header, size }, (error) => (error ? fail(error) : settle()));
      entry.on("error", fail);
      Readable.from(bytesOf(handle, size)).on("error", fail).pipe(entry);
    });
  } finally {
    await handle.close();
  }
}

/** Exactly as many bytes as were announced; a file that is written to at this moment will be copied again. */
async function* bytesOf(handle: FileHandle, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < size;) {
    const wanted = Math.min(size - at, 256 * 1024);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, at);
    const bytes = bytesRead === 0 ? Buffer.alloc(wanted) : buffer.subarray(0, bytesRead);
    yield bytes;
    at += bytes.length;
  }
}
