import type { Report } from "../model/diagnostic.ts";
import { warningAt } from "./blame.ts";
import { keySpan, nodeAt } from "./place.ts";
import { formatPath, type MapTree, type Tree, type TreePath } from "./tree.ts";
import { mapEntries } from "./walk.ts";
import type { YamlDocument } from "./yaml/read.ts";

/** Takes out what `!reset` and `!override` clear. */
export function clearPaths(tree: MapTree, paths: readonly TreePath[]): MapTree {
  if (paths.length === 0) return tree;
  const cleared = new Set<string | number>();
  const deeper = new Map<string | number, TreePath[]>();
  for (const [key, ...rest] of paths) {
    if (key === undefined) continue;
    if (rest.length === 0) cleared.add(key);
    else {
      const below = deeper.get(key);
      if (below === undefined) deeper.set(key, [rest]);
      else below.push(rest);
    }
  }
  return mapEntries(tree, (value, key) => {
    if (cleared.has(key)) return undefined;
    const below = deeper.get(key);
    return below === undefined || value.kind !== "map" ? value : clearPaths(value, below);
  });
}

interface Clearing {
  readonly own: MapTree;
  readonly document: YamlDocument;
}

/** `!reset` of a variable that stays is a surprise that nothing else tells. */
export function warnKept(before: MapTree, { own, document }: Clearing, report: Report): void {
  for (const path of document.cleared) {
    const isOverride = document.root.kind === "map" && nodeAt(document.root, path) !== undefined;
    if (isOverride || !unclearable(before, path)) continue;
    const list = path.slice(0, -1);
    const message = `"${path.at(-1)}" stays: ${formatPath(list)} is a list by then, and no key of a list can be taken out`;
    const hint = 'write all of it that is to be left, with "!override" before it';
    report(warningAt(message, { code: "reset-without-effect", at: keySpan(own, list), path, hint }));
  }
}

/** What is written as `A=1` in a list by then cannot be taken out by its key, in docker compose neither. */
function unclearable(tree: Tree, path: TreePath): boolean {
  const [key, ...rest] = path;
  if (tree.kind === "map" && key !== undefined) {
    const value = tree.entries.get(String(key))?.value;
    return value !== undefined && unclearable(value, rest);
  }
  if (tree.kind !== "list" || typeof key !== "string" || rest.length > 0) return false;
  return tree.items.some(
    (item) =>
      item.kind === "scalar" &&
      typeof item.value === "string" &&
      (item.value === key || item.value.startsWith(`${key}=`)),
  );
}
