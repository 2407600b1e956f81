import { chmod, type FileHandle, lchown, link, lstat, lutimes, mkdir, open, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

import { UsageError } from "../../model/error.ts";
import { explainLocal } from "./local.ts";
import { severalAtOnce } from "./several-at-once.ts";
import type { Attributes } from "./unpack.ts";

/** Writes below one path, by the names on the way to it. None of the folders on the way may be a link. */
export interface Confined {
  folder(parts: readonly string[], attributes: Attributes | undefined): Promise<void>;
  /** A small file, given whole, is written while the next ones come. */
  file(
    parts: readonly string[],
    content: Uint8Array | AsyncIterable<Uint8Array>,
    attributes: Attributes,
  ): Promise<void>;
  symlink(parts: readonly string[], target: string, attributes: Attributes): Promise<void>;
  hardLink(parts: readonly string[], to: readonly string[]): Promise<void>;
  /** Folders get their modes and times last: what is written into them changes one and may be forbidden by the other. */
  finish(): Promise<void>;
}

const smallFilesAtOnce = 16;

export function confinedWriter({
  target,
  keepOwner,
}: {
  readonly target: string;
  readonly keepOwner: boolean;
}): Confined {
  const folders = new Map<string, Attributes>();
  const real = new Set<string>();
  const small = severalAtOnce(smallFilesAtOnce);
  const as: Ownership = { keepOwner, root: keepOwner && process.getuid?.() === 0 };

  const ensureFolder = async (path: string): Promise<void> => {
    if (real.has(path)) return;
    await small.settled(path);
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) await mkdir(path, { mode: 0o755 });
    else if (!found.isDirectory()) throw refused(path, found.isSymbolicLink());
    real.add(path);
  };
  /** The path, once all above it are sure to be folders. */
  const below = async (parts: readonly string[]): Promise<string> => {
    for (let depth = 0; depth < parts.length; depth += 1) await ensureFolder(join(target, ...parts.slice(0, depth)));
    return join(target, ...parts);
  };
  const at = async (parts: readonly string[], work: (path: string) => Promise<void>): Promise<void> => {
    try {
      await work(await below(parts));
    } catch (error) {
      throw explainLocal(error, join(target, ...parts));
    }
  };

  return {
    folder: (parts, attributes) =>
      at(parts, async (path) => {
        await ensureFolder(path);
        if (attributes !== undefined) folders.set(path, attributes);
      }),
    file: (parts, content, attributes) =>
      at(parts, async (path) => {
        const writing = (): Promise<void> => writeFile(path, content, { ...attributes, as });
        if (content instanceof Uint8Array) return small.start(path, writing);
        await small.settled();
        await writing();
      }),
    symlink: (parts, to, attributes) =>
      at(parts, async (path) => {
        await small.settled();
        await clear(path);
        await symlink(to, path);
        if (as.root) await lchown(path, attributes.uid, attributes.gid);
        await lutimes(path, attributes.mtime, attributes.mtime);
      }),
    hardLink: (parts, to) =>
      at(parts, async (path) => {
        await small.settled();
        const existing = await below(to);
        await clear(path);
        await link(existing, path);
      }),
    async finish() {
      await small.settled();
      for (const [path, attributes] of [...folders].toReversed()) {
        if (as.root) await lchown(path, attributes.uid, attributes.gid);
        await chmod(path, modeOf(attributes, as));
        await lutimes(path, attributes.mtime, attributes.mtime);
      }
    },
  };
}

interface Ownership {
  readonly keepOwner: boolean;
  /** Only root may give files away. */
  readonly root: boolean;
}

async function writeFile(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  { as, ...attributes }: Attributes & { readonly as: Ownership },
): Promise<void> {
  const handle = await create(path);
  try {
    if (content instanceof Uint8Array) await writeAll(handle, content);
    else for await (const chunk of content) await writeAll(handle, chunk);
    if (as.root) await handle.chown(attributes.uid, attributes.gid);
    await handle.chmod(modeOf(attributes, as));
    await handle.utimes(attributes.mtime, attributes.mtime);
  } catch (error) {
    throw explainLocal(error, path);
  } finally {
    await handle.close();
  }
}

/** "x": what is there already is taken away, never written through. */
async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw explainLocal(error, path);
  }
  await clear(path);
  return open(path, "wx", 0o600);
}

async function clear(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw new UsageError(`${path} is a folder: what is no folder cannot replace it`);
  if (found !== undefined) await rm(path);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
}

/** Whose program it is, is not kept without its owner; so it must not run as its new owner either, who may be root. */
function modeOf({ mode }: Attributes, { keepOwner }: Ownership): number {
  return keepOwner ? mode : mode & 0o1777;
}

function refused(path: string, isLink: boolean): UsageError {
  return isLink
    ? new UsageError(
        `${path} is a link, and what was to be written below it would land elsewhere`,
        "remove the link, or copy to another place",
      )
    : new UsageError(`${path} is a file: a folder cannot replace it`);
}
