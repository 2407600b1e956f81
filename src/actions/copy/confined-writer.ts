import type { FileHandle } from "node:fs/promises";
import { chmod, lchown, link, lstat, lutimes, mkdir, open, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

import { UsageError } from "../../model/error.ts";
import { explainLocal } from "./local.ts";
import type { Attributes } from "./unpack.ts";

/** Writes below one path, by the names on the way to it. None of the folders on the way may be a link. */
export interface Confined {
  folder(parts: readonly string[], attributes: Attributes | undefined): Promise<void>;
  file(parts: readonly string[], content: AsyncIterable<Uint8Array>, attributes: Attributes): Promise<void>;
  symlink(parts: readonly string[], target: string, attributes: Attributes): Promise<void>;
  hardLink(parts: readonly string[], to: readonly string[]): Promise<void>;
  /** Folders get their modes and times last: what is written into them changes one and may be forbidden by the other. */
  finish(): Promise<void>;
}

export function confinedWriter({
  target,
  keepOwner,
}: {
  readonly target: string;
  readonly keepOwner: boolean;
}): Confined {
  const folders = new Map<string, Attributes>();
  const real = new Set<string>();
  const owner = keepOwner && process.getuid?.() === 0;

  /** The path, once all above it are sure to be folders. */
  const below = async (parts: readonly string[]): Promise<string> => {
    for (let depth = 0; depth < parts.length; depth += 1) await ensureFolder(join(target, ...parts.slice(0, depth)));
    return join(target, ...parts);
  };
  const ensureFolder = async (path: string): Promise<void> => {
    if (real.has(path)) return;
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) await mkdir(path, { mode: 0o755 });
    else if (!found.isDirectory()) throw refused(path, found.isSymbolicLink());
    real.add(path);
  };
  const clear = async (path: string): Promise<void> => {
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() === true) throw new UsageError(`${path} is a folder: what is no folder cannot replace it`);
    if (found !== undefined) await rm(path);
  };

  return {
    folder: (parts, attributes) =>
      about(target, parts, async () => {
        const path = await below(parts);
        await ensureFolder(path);
        if (attributes !== undefined) folders.set(path, attributes);
      }),
    file: (parts, content, attributes) =>
      about(target, parts, async () => {
        const path = await below(parts);
        await clear(path);
        // "x": what appears there between the two calls is not followed, whatever it is.
        const handle = await open(path, "wx", 0o600);
        try {
          await writeAll(handle, content);
          if (owner) await handle.chown(attributes.uid, attributes.gid);
          await handle.chmod(keepOwner ? attributes.mode : withoutPrivileges(attributes.mode));
          await handle.utimes(attributes.mtime, attributes.mtime);
        } finally {
          await handle.close();
        }
      }),
    symlink: (parts, to, attributes) =>
      about(target, parts, async () => {
        const path = await below(parts);
        await clear(path);
        await symlink(to, path);
        if (owner) await lchown(path, attributes.uid, attributes.gid);
        await lutimes(path, attributes.mtime, attributes.mtime);
      }),
    hardLink: (parts, to) =>
      about(target, parts, async () => {
        const [path, existing] = [await below(parts), await below(to)];
        await clear(path);
        await link(existing, path);
      }),
    async finish() {
      for (const [path, attributes] of [...folders].toReversed()) {
        if (owner) await lchown(path, attributes.uid, attributes.gid);
        await chmod(path, keepOwner ? attributes.mode : withoutPrivileges(attributes.mode));
        await lutimes(path, attributes.mtime, attributes.mtime);
      }
    },
  };
}

/** Whose program it is, is not kept; so it must not run as its new owner either, who may be root. */
function withoutPrivileges(mode: number): number {
  return mode & 0o1777;
}

async function writeAll(handle: FileHandle, content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
  }
}

async function about(target: string, parts: readonly string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw explainLocal(error, join(target, ...parts));
  }
}

function refused(path: string, isLink: boolean): UsageError {
  return isLink
    ? new UsageError(
        `${path} is a link, and what was to be written below it would land elsewhere`,
        "remove the link, or copy to another place",
      )
    : new UsageError(`${path} is a file: a folder cannot replace it`);
}
