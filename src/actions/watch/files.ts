import { realpath, stat } from "node:fs/promises";
import path from "node:path";

import type { HostPath, PathChange } from "../../planner/watch.ts";
import { watchFolders } from "./folders.ts";
import { openTree, type WatchedTree } from "./tree.ts";
import type { WatchedTrigger } from "./triggers.ts";

export interface WatchedFiles extends AsyncDisposable {
  /** What is different since this was asked last. */
  changes(): Promise<readonly PathChange[]>;
  /** All that is there now, below one watched path. */
  paths(root: string): readonly HostPath[];
}

export interface WatchFilesOptions {
  readonly triggers: readonly WatchedTrigger[];
  /** Folder of the project: what lies in it may go and come back as a whole. */
  readonly workingDir: string;
  readonly onHint: () => void;
  readonly onError: (message: string) => void;
}

/** A folder is looked at once more after this: what was put in before the watcher watched it made no sound. */
const secondLookMs = 1000;

export async function watchFiles(options: WatchFilesOptions): Promise<WatchedFiles> {
  const { triggers, onHint } = options;
  const roots = [...new Set(triggers.map(({ rule }) => rule.path))];
  const leadsTo = (root: string, at: string): boolean =>
    triggers.some((trigger) => trigger.rule.path === root && trigger.leadsTo(at));
  const trees: WatchedTree[] = [];
  const early = new Set<string>();
  const touch = (folder: string): void => {
    if (trees.length === 0) early.add(folder);
    for (const tree of trees) tree.touch(folder);
    onHint();
  };
  // Watched paths are the real ones.
  const home = await realpath(options.workingDir).catch(() => options.workingDir);
  const watcher = await watchFolders({
    from: await Promise.all(roots.map((root) => startOf(root, home))),
    leads: (folder) => roots.some((root) => isWithin(root, folder) || isWanted(root, folder, leadsTo)),
    onHint: touch,
    onError: complainOnce(options.onError),
  });
  // Only now is everything looked at for the first time, so that what changes meanwhile is heard of.
  early.clear();
  trees.push(...(await Promise.all(roots.map((root) => openTree(root, (at) => leadsTo(root, at))))));
  for (const folder of early) touch(folder);
  const timers = new Set<NodeJS.Timeout>();
  const lookAgain = (tree: WatchedTree): void => {
    const folders = tree.newFolders();
    if (folders.length === 0) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      for (const folder of folders) {
        watcher.include(folder);
        touch(folder);
      }
    }, secondLookMs);
    timers.add(timer);
  };
  return {
    async changes() {
      const found = await Promise.all(trees.map((tree) => tree.changes()));
      for (const tree of trees) lookAgain(tree);
      return found.flat();
    },
    paths: (root) =>
      (trees.find((tree) => tree.root === root)?.paths() ?? []).map((at): HostPath => ({ root, path: at })),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      await watcher[Symbol.asyncDispose]();
    },
  };
}

/** Where watching starts, so that a watched path may vanish and come back: the project's folder, or what is there. */
async function startOf(root: string, workingDir: string): Promise<string> {
  if (isWithin(root, workingDir)) return workingDir;
  for (let folder = path.dirname(root); ; folder = path.dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory() === true || folder === path.dirname(folder)) return folder;
  }
}

function isWanted(root: string, folder: string, leadsTo: (root: string, at: string) => boolean): boolean {
  return isWithin(folder, root) && leadsTo(root, path.relative(root, folder).split(path.sep).join("/"));
}

function isWithin(file: string, folder: string): boolean {
  const below = path.relative(folder, file);
  return below !== ".." && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below);
}

/** What was a folder a moment ago is something else by now. */
const passingErrors: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

function complainOnce(complain: (message: string) => void): (error: unknown) => void {
  let said = false;
  return (error) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (said || passingErrors.has(code)) return;
    said = true;
    const exhausted = code === "ENOSPC";
    const reason = error instanceof Error ? error.message : String(error);
    complain(
      exhausted
        ? "the system watches as many folders as it may: raise fs.inotify.max_user_watches, or ignore more"
        : `not everything can be watched: ${reason}`,
    );
  };
}
