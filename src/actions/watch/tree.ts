import type { BigIntStats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";

import type { PathChange } from "../../planner/watch.ts";

/** What lies below a watched path, as it was when we last looked. */
export interface WatchedTree {
  readonly root: string;
  /** Something may have changed in this folder: one below the root, the root, or one above it. */
  touch(folder: string): void;
  /** Looks where it was touched, and says what is different. */
  changes(): Promise<readonly PathChange[]>;
  /** Everything that is there. */
  paths(): readonly string[];
  /** Folders that appeared since this was last asked. */
  newFolders(): readonly string[];
}

type Kind = "file" | "folder" | "link";

interface Entry {
  readonly kind: Kind;
  /** Another one means: something is different about it. */
  readonly signature: string;
  /** Which of all folders it is; one that was moved here brings other content. */
  readonly identity: bigint;
  readonly children: Map<string, Entry>;
}

/**
 * What a watcher says is taken as a hint where to look, and what is different is found by looking: hints that are
 * lost, doubled or late in a storm of changes then do no harm, and an editor's detours by temporary files show only
 * in their outcome.
 */
export async function openTree(root: string, wants: (path: string) => boolean): Promise<WatchedTree> {
  const look: Look = { root, wants, top: undefined, touched: new Set(), found: [], appeared: [] };
  await lookAtRoot(look);
  look.found.length = 0;
  look.appeared.length = 0;
  return {
    root,
    touch: (folder) => touch(look, folder),
    async changes() {
      const { touched, found } = look;
      for (const folder of [...touched].sort()) if (touched.delete(folder)) await lookNear(look, folder);
      return found.splice(0);
    },
    paths: () => (look.top === undefined ? [] : pathsOf("", look.top)),
    newFolders: () => look.appeared.splice(0),
  };
}

interface Look {
  readonly root: string;
  readonly wants: (path: string) => boolean;
  /** What is known of the root; undefined: it is not there. */
  top: Entry | undefined;
  /** Folders, relative to the root. */
  readonly touched: Set<string>;
  readonly found: PathChange[];
  readonly appeared: string[];
}

function touch({ root, touched }: Look, folder: string): void {
  const below = path.relative(root, folder);
  const outside = below.startsWith("..") || path.isAbsolute(below);
  if (!outside) touched.add(below.split(path.sep).join("/"));
  else if (!path.relative(folder, root).startsWith("..")) touched.add("");
}

/** Looks into the folder; into the one above it, where it went away. */
async function lookNear(look: Look, folder: string): Promise<void> {
  let at = folder;
  while (at !== "" && (await entryAt(path.join(look.root, at)))?.kind !== "folder") at = parentOf(at);
  if (at === "") await lookAtRoot(look);
  const place = nearest(look, at);
  if (place !== undefined) await lookInto(look, ...place);
}

async function lookAtRoot(look: Look): Promise<void> {
  const now = await entryAt(look.root);
  const before = look.top;
  look.top = now === undefined ? undefined : await merge(look, { at: "", before, now });
  if (look.top === undefined && before !== undefined) noteGone(look, "", before);
}

async function lookInto(look: Look, at: string, folder: Entry): Promise<void> {
  const { root, touched, wants } = look;
  touched.delete(at);
  const names = (await readdir(path.join(root, at)).catch(() => [])).filter((name) => wants(join(at, name)));
  const entries = await Promise.all(
    names.map(async (name) => [name, await entryAt(path.join(root, at, name))] as const),
  );
  const present = new Set(entries.flatMap(([name, entry]) => (entry === undefined ? [] : [name])));
  for (const [name, child] of folder.children) {
    if (present.has(name)) continue;
    folder.children.delete(name);
    noteGone(look, join(at, name), child);
  }
  for (const [name, now] of entries) {
    if (now === undefined) continue;
    folder.children.set(name, await merge(look, { at: join(at, name), before: folder.children.get(name), now }));
  }
}

interface Meeting {
  readonly at: string;
  readonly before: Entry | undefined;
  readonly now: Entry;
}

/** The entry for what is there now; what is different from before is noted on the way. */
async function merge(look: Look, meeting: Meeting): Promise<Entry> {
  const { at, before, now } = meeting;
  const same = before?.kind === now.kind;
  noteDifference(look, meeting);
  if (now.kind !== "folder") return now;
  if (!same) look.appeared.push(path.join(look.root, at));
  if (same && before.identity === now.identity) return { ...now, children: before.children };
  const entry = { ...now, children: same ? before.children : new Map<string, Entry>() };
  await lookInto(look, at, entry);
  return entry;
}

function noteDifference(look: Look, { at, before, now }: Meeting): void {
  const isOther = before !== undefined && before.kind !== now.kind;
  if (isOther) for (const [name, child] of before.children) noteGone(look, join(at, name), child);
  if (isOther) return note(look, at, "replaced");
  // The watched folder itself is never written: it is the target's own.
  if (at === "" && now.kind === "folder") return;
  if (before?.signature !== now.signature) note(look, at, "written");
}

function noteGone(look: Look, at: string, entry: Entry): void {
  for (const [name, child] of entry.children) noteGone(look, join(at, name), child);
  if (at !== "" || entry.kind !== "folder") note(look, at, "removed");
}

function note({ root, found }: Look, at: string, kind: PathChange["kind"]): void {
  found.push({ root, path: at, kind });
}

/** The folder as we know it, or what we know of the way to it. */
function nearest({ top }: Look, at: string): readonly [string, Entry] | undefined {
  if (top?.kind !== "folder") return undefined;
  let entry = top;
  let known = "";
  for (const name of at === "" ? [] : at.split("/")) {
    const child = entry.children.get(name);
    if (child?.kind !== "folder") break;
    entry = child;
    known = join(known, name);
  }
  return [known, entry];
}

function pathsOf(at: string, entry: Entry): readonly string[] {
  const below = [...entry.children].flatMap(([name, child]) => pathsOf(join(at, name), child));
  return at === "" && entry.kind === "folder" ? below : [at, ...below];
}

async function entryAt(file: string): Promise<Entry | undefined> {
  try {
    const stats = await lstat(file, { bigint: true });
    const kind = kindOf(stats);
    return kind === undefined
      ? undefined
      : { kind, signature: signatureOf(stats, kind), identity: stats.ino, children: new Map() };
  } catch {
    // Not there, or not for us to see: what we cannot read we cannot copy either.
    return undefined;
  }
}

function kindOf(stats: BigIntStats): Kind | undefined {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : undefined;
}

/** A folder's times change with its content, which is looked at by itself. */
function signatureOf({ mode, size, mtimeNs, ctimeNs, ino }: BigIntStats, kind: Kind): string {
  return kind === "folder" ? String(mode) : [mode, size, mtimeNs, ctimeNs, ino].join(" ");
}

function join(at: string, name: string): string {
  return at === "" ? name : `${at}/${name}`;
}

function parentOf(at: string): string {
  return at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "";
}
