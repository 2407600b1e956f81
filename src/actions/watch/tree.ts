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
  const touched = new Set<string>();
  let found: PathChange[] = [];
  let appeared: string[] = [];
  let top: Entry | undefined;

  const note = (at: string, kind: PathChange["kind"]): void => void found.push({ root, path: at, kind });

  const lookAtRoot = async (): Promise<void> => {
    const now = await entryAt(root);
    const before = top;
    top = now === undefined ? undefined : await merge("", before, now);
    if (top === undefined && before !== undefined) gone("", before);
  };

  /** The entry for what is there now; what is different from before is noted on the way. */
  const merge = async (at: string, before: Entry | undefined, now: Entry): Promise<Entry> => {
    const same = before?.kind === now.kind;
    // The watched folder itself is never written: it is the target's own.
    const silent = at === "" && now.kind === "folder" && (before === undefined || same);
    if (before === undefined && !silent) note(at, "written");
    else if (before !== undefined && !same) {
      for (const [name, child] of before.children) gone(join(at, name), child);
      note(at, "replaced");
    } else if (before !== undefined && before.signature !== now.signature && !silent) note(at, "written");
    if (now.kind !== "folder") return now;
    if (!same) appeared.push(path.join(root, at));
    if (same && before.identity === now.identity) return { ...now, children: before.children };
    const entry = { ...now, children: same ? before.children : new Map<string, Entry>() };
    await lookInto(at, entry);
    return entry;
  };

  const lookInto = async (at: string, folder: Entry): Promise<void> => {
    touched.delete(at);
    const names = (await readdir(path.join(root, at)).catch(() => [])).filter((name) => wants(join(at, name)));
    const entries = await Promise.all(
      names.map(async (name) => [name, await entryAt(path.join(root, at, name))] as const),
    );
    const present = new Set(entries.flatMap(([name, entry]) => (entry === undefined ? [] : [name])));
    for (const [name, child] of folder.children) {
      if (present.has(name)) continue;
      folder.children.delete(name);
      gone(join(at, name), child);
    }
    for (const [name, now] of entries) {
      if (now === undefined) continue;
      folder.children.set(name, await merge(join(at, name), folder.children.get(name), now));
    }
  };

  const gone = (at: string, entry: Entry): void => {
    for (const [name, child] of entry.children) gone(join(at, name), child);
    if (at !== "" || entry.kind !== "folder") note(at, "removed");
  };

  /** The folder, or what is left of the way to it. */
  const nearest = (at: string): readonly [string, Entry] | undefined => {
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
  };

  /** Looks into the folder; into the one above it, where it went away. */
  const lookNear = async (folder: string): Promise<void> => {
    let at = folder;
    while (at !== "" && (await entryAt(path.join(root, at)))?.kind !== "folder") at = parentOf(at);
    if (at === "") await lookAtRoot();
    const place = nearest(at);
    if (place !== undefined) await lookInto(...place);
  };

  await lookAtRoot();
  found = [];
  appeared = [];
  return {
    root,
    touch(folder) {
      const below = path.relative(root, folder);
      const outside = below.startsWith("..") || path.isAbsolute(below);
      if (!outside) touched.add(below.split(path.sep).join("/"));
      else if (!path.relative(folder, root).startsWith("..")) touched.add("");
    },
    async changes() {
      for (const folder of [...touched].sort()) if (touched.delete(folder)) await lookNear(folder);
      const changes = found;
      found = [];
      return changes;
    },
    paths: () => (top === undefined ? [] : pathsOf("", top)),
    newFolders() {
      const folders = appeared;
      appeared = [];
      return folders;
    },
  };
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
