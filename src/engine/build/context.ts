import { createReadStream } from "node:fs";
import { lstat, readFile, readdir, readlink } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { PassThrough, type Readable } from "node:stream";

import { type Pack, pack } from "tar-stream";

import { EngineError } from "../../model/error.ts";
import { archiveTime } from "./archive-time.ts";
import { type IgnoreRules, ignoreRules, nothingIgnored } from "./dockerignore.ts";

export interface ContextOptions {
  readonly folder: string;
  /** Relative to the folder, "/"-separated; never ignored, as the engine must read it. */
  readonly dockerfile: string;
  /** Files that are not in the folder: an inline Dockerfile, or one from outside. */
  readonly extra: ReadonlyMap<string, string>;
}

/** The build context as a tar stream. Files are read one after the other, so memory stays flat whatever the size. */
export async function packContext(options: ContextOptions, signal?: AbortSignal): Promise<Readable> {
  const rules = await contextRules(options);
  const archive = pack();
  const output = new PassThrough();
  archive.on("error", (error) => output.destroy(error));
  archive.pipe(output);
  fill(archive, options, rules, signal).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(unreadable(error, options.folder)),
  );
  return output;
}

/** `<Dockerfile>.dockerignore` wins over `.dockerignore`. */
async function contextRules(options: ContextOptions): Promise<IgnoreRules> {
  for (const name of [`${options.dockerfile}.dockerignore`, ".dockerignore"]) {
    const text = await readFile(join(options.folder, name), "utf8").catch(() => undefined);
    if (text !== undefined) return ignoreRules(text);
  }
  return nothingIgnored;
}

async function fill(archive: Pack, options: ContextOptions, rules: IgnoreRules, signal?: AbortSignal): Promise<void> {
  const always = new Set([options.dockerfile, ".dockerignore", `${options.dockerfile}.dockerignore`]);
  const packing = { archive, folder: options.folder, hardLinks: new Map<string, string>() };
  for await (const path of walk(options.folder, "", rules, always)) {
    signal?.throwIfAborted();
    if (!options.extra.has(path)) await addEntry(packing, path);
  }
  for (const [name, content] of options.extra) archive.entry({ name, mode: 0o644 }, content);
}

async function* walk(
  root: string,
  folder: string,
  rules: IgnoreRules,
  always: ReadonlySet<string>,
): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = posix.join(folder.split(sep).join("/"), entry.name);
    const ignored = rules.ignores(path) && !always.has(path);
    const leadsToKept = [...always].some((kept) => kept.startsWith(`${path}/`));
    if (!ignored) yield path;
    if (entry.isDirectory() && (!ignored || leadsToKept || rules.mayContainIncluded(path))) {
      yield* walk(root, path, rules, always);
    }
  }
}

interface Packing {
  readonly archive: Pack;
  readonly folder: string;
  /** device:inode → the path under which it came first. */
  readonly hardLinks: Map<string, string>;
}

async function addEntry({ archive, folder, hardLinks }: Packing, path: string): Promise<void> {
  const file = join(folder, path);
  const stat = await lstat(file);
  // The whole of the mode: tar-stream writes its last 12 bits, and takes 0 for none given.
  const header = { name: path, mode: stat.mode, mtime: archiveTime(stat.mtime), uid: 0, gid: 0 };
  if (stat.isDirectory()) return void archive.entry({ ...header, type: "directory" });
  if (stat.isSymbolicLink()) return void archive.entry({ ...header, type: "symlink", linkname: await readlink(file) });
  if (stat.isFIFO()) return void archive.entry({ ...header, type: "fifo" });
  // Sockets and devices have no content that a build could use; the engine's own client leaves sockets out, too.
  if (!stat.isFile()) return;
  const inode = `${stat.dev}:${stat.ino}`;
  const first = stat.nlink > 1 ? hardLinks.get(inode) : undefined;
  if (first !== undefined) return void archive.entry({ ...header, type: "link", linkname: first });
  hardLinks.set(inode, path);
  await new Promise<void>((settle, fail) => {
    const entry = archive.entry({ ...header, size: stat.size }, (error) => (error ? fail(error) : settle()));
    // `end` pins what we announced: a file that grows meanwhile must not tear the archive.
    const content = stat.size === 0 ? undefined : createReadStream(file, { end: stat.size - 1 });
    content?.on("error", fail);
    entry.on("error", (error) => {
      content?.destroy();
      fail(error);
    });
    if (content === undefined) entry.end(Buffer.alloc(0));
    else content.pipe(entry);
  });
}

/** In words of our own: what fails with a file here would be taken for a fault of the engine's socket. */
function unreadable(error: unknown, folder: string): Error {
  if (error instanceof EngineError || (error instanceof Error && error.name === "AbortError")) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError(`the build context ${folder} cannot be read: ${reason}`, {
    status: 0,
    operation: "build image",
    resource: "build",
    hint: reason.includes("\uFFFD")
      ? "its name is not UTF-8: rename it, or ignore it in .dockerignore"
      : "check that you may read it, or ignore it in .dockerignore",
    cause: error,
  });
}

/** Where the Dockerfile lies as the engine sees it; undefined when it is outside of the context. */
export function dockerfileInContext(folder: string, dockerfile: string): string | undefined {
  const path = relative(folder, join(folder, dockerfile)).split(sep).join("/");
  return path.startsWith("../") || path === ".." ? undefined : path;
}
