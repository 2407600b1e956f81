import { type BigIntStats, createReadStream, readFileSync } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

import {
  type IgnoreRules,
  ignoreRules,
  nothingIgnored,
  type PathPatterns,
  pathPatterns,
} from "../build/dockerignore.ts";
import { followPaths } from "./follow-paths.ts";

/** What the engine may read of a folder of ours, for one transfer. */
export interface Selection {
  /** Patterns of a .dockerignore, as the engine has read them. */
  readonly exclude: readonly string[];
  /** Empty: everything. */
  readonly include: readonly string[];
  /** Paths that a Dockerfile copies; what lies behind symbolic links on the way is wanted, too. */
  readonly follow: readonly string[];
}

/** A file, folder or link, in the words of the engine's transfer protocol. */
export interface TreeEntry {
  /** "/"-separated, relative to the folder. */
  readonly path: string;
  /** It has a content of its own, which the engine may ask for. */
  readonly content: boolean;
  /** Go's FileMode bits. */
  readonly mode: number;
  readonly size: number;
  readonly modifiedNs: bigint;
  /** Target of a symbolic link; or of a hard link, a path that came before. */
  readonly link: string;
  readonly device?: { readonly major: number; readonly minor: number };
}

/** What a local source consists of: a folder of this machine, or a single file that exists in memory only. */
export type LocalTree =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly name: string; readonly content: string };

/** Every folder comes before what is in it, names in the order of their bytes: the engine insists on that. */
export async function* listTree(tree: LocalTree, selection: Selection): AsyncGenerator<TreeEntry> {
  if (tree.kind === "file") {
    yield {
      path: tree.name,
      content: true,
      mode: 0o600,
      size: Buffer.byteLength(tree.content),
      modifiedNs: 0n,
      link: "",
    };
    return;
  }
  const wanted = [...selection.include, ...(await followPaths(tree.path, selection.follow))];
  const everything = wanted.length === 0 || wanted.includes(".");
  yield* walk({
    root: tree.path,
    include: everything ? undefined : pathPatterns(wanted),
    ignore: selection.exclude.length === 0 ? nothingIgnored : ignoreRules(selection.exclude.join("\n")),
    hardLinks: new Map(),
  });
}

export type FileToRead = Pick<TreeEntry, "path" | "size">;

export function readTree(
  tree: LocalTree,
  { path, size }: FileToRead,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (tree.kind === "file") return [Buffer.from(tree.content)];
  const file = join(tree.path, path);
  // A stream for each of thousands of small files costs far more than what is in them.
  return size <= smallBytes ? [readFileSync(file)] : createReadStream(file, { highWaterMark: chunkBytes });
}

const smallBytes = 32 * 1024;

/** Four of them are on their way at a time; the engine takes messages of a few megabytes at most. */
const chunkBytes = 128 * 1024;

interface Walk {
  readonly root: string;
  readonly include: PathPatterns | undefined;
  readonly ignore: IgnoreRules;
  /** device:inode → the path under which it came first. */
  readonly hardLinks: Map<string, string>;
}

/** Folders that are not wanted themselves are told when something in them is. */
async function* walk(options: Walk, folder = "", untold: readonly TreeEntry[] = []): AsyncGenerator<TreeEntry> {
  let pending = untold;
  for await (const { path, stat } of contents(options, folder)) {
    const ignored = options.ignore.ignores(path);
    const selected = !ignored && options.include?.matches(path) !== false;
    if (!selected && !(stat.isDirectory() && mayHoldWanted(options, path, ignored))) continue;
    const entry = await describe(options, path, stat);
    if (selected) {
      yield* pending;
      yield entry;
      pending = [];
    }
    if (!stat.isDirectory()) continue;
    for await (const inside of walk(options, path, selected ? [] : [...pending, entry])) {
      pending = [];
      yield inside;
    }
  }
}

function mayHoldWanted({ include, ignore }: Walk, folder: string, ignored: boolean): boolean {
  const included = include === undefined || include.matches(folder) || include.mayMatchBelow(folder);
  return included && (!ignored || ignore.mayContainIncluded(folder));
}

interface Found {
  readonly path: string;
  readonly stat: BigIntStats;
}

async function* contents(options: Walk, folder: string): AsyncGenerator<Found> {
  const names = await readdir(join(options.root, folder));
  // Bytes, not UTF-16: the two differ for characters beyond the first 65536.
  const paths = names
    .map((name) => (folder === "" ? name : `${folder}/${name}`))
    .map((path) => ({ path, bytes: Buffer.from(path) }))
    .sort((a, b) => a.bytes.compare(b.bytes));
  for (let at = 0; at < paths.length; at += statsAtOnce) {
    const batch = paths.slice(at, at + statsAtOnce).map(({ path }) => find(options, path));
    for (const found of await Promise.all(batch)) if (found !== undefined) yield found;
  }
}

const statsAtOnce = 64;

/** What vanishes while we look was not there. */
async function find({ root, ignore, include }: Walk, path: string): Promise<Found | undefined> {
  try {
    return { path, stat: await lstat(join(root, path), { bigint: true }) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const wanted = path.includes("\uFFFD") && !ignore.ignores(path) && include?.matches(path) !== false;
    // Node has put that character where the name's bytes are no text. The engine's protocol has text only.
    if (wanted) {
      const name = join(root, path);
      throw new Error(`the name of ${name} is not UTF-8: rename it, or ignore it in .dockerignore`, { cause: error });
    }
    return undefined;
  }
}

async function describe({ root, hardLinks }: Walk, path: string, stat: BigIntStats): Promise<TreeEntry> {
  const content = stat.isFile() || stat.isSocket();
  const entry = { path, content, mode: goMode(stat), size: Number(stat.size), modifiedNs: stat.mtimeNs, link: "" };
  if (stat.isDirectory()) return { ...entry, size: 0 };
  if (stat.isSymbolicLink()) return { ...entry, link: await readlink(join(root, path)) };
  if (stat.isBlockDevice() || stat.isCharacterDevice()) return { ...entry, device: deviceOf(Number(stat.rdev)) };
  if (stat.nlink < 2n) return entry;
  const inode = `${stat.dev}:${stat.ino}`;
  const first = hardLinks.get(inode);
  // With the size of the file: the engine compares it with what it has, and takes another one for a change. It would
  // then link the name to itself anew, and leave the temporary name of that in the image.
  if (first !== undefined) return { ...entry, link: first };
  hardLinks.set(inode, path);
  return entry;
}

/** Sockets count as empty files: a tar archive has no other word for them. */
function goMode(stat: BigIntStats): number {
  const unix = Number(stat.mode);
  const kind = goKinds.find(([type]) => (unix & 0o170000) === type)?.[1] ?? 0;
  const bits = goBits.reduce((all, [bit, go]) => ((unix & bit) === 0 ? all : all + go), 0);
  return (process.platform === "win32" ? (unix & 0o755) | 0o111 : unix & 0o777) + kind + bits;
}

const goKinds: readonly (readonly [unix: number, go: number])[] = [
  [0o040000, 2 ** 31],
  [0o120000, 2 ** 27],
  [0o060000, 2 ** 26],
  [0o010000, 2 ** 25],
  [0o020000, 2 ** 26 + 2 ** 21],
];

const goBits: readonly (readonly [unix: number, go: number])[] = [
  [0o4000, 2 ** 23],
  [0o2000, 2 ** 22],
  [0o1000, 2 ** 20],
];

function deviceOf(rdev: number): { readonly major: number; readonly minor: number } {
  return { major: (rdev >> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >> 12) & 0xfff00) };
}
