import { createReadStream } from "node:fs";
import { lstat, readFile, readdir, readlink } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { PassThrough, type Readable } from "node:stream";

import { type Pack, pack } from "tar-stream";

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
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
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
  for await (const path of walk(options.folder, "", rules, always)) {
    signal?.throwIfAborted();
    if (!options.extra.has(path)) await addEntry(archive, options.folder, path);
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

async function addEntry(archive: Pack, folder: string, path: string): Promise<void> {
  const file = join(folder, path);
  const stat = await lstat(file);
  const header = { name: path, mode: stat.mode & 0o7777, mtime: stat.mtime, uid: 0, gid: 0 };
  if (stat.isDirectory()) return void archive.entry({ ...header, type: "directory" });
  if (stat.isSymbolicLink()) return void archive.entry({ ...header, type: "symlink", linkname: await readlink(file) });
  // Sockets and devices have no content that a build could use; the engine's own client leaves sockets out, too.
  if (!stat.isFile()) return;
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

/** Where the Dockerfile lies as the engine sees it; undefined when it is outside of the context. */
export function dockerfileInContext(folder: string, dockerfile: string): string | undefined {
  const path = relative(folder, join(folder, dockerfile)).split(sep).join("/");
  return path.startsWith("../") || path === ".." ? undefined : path;
}
