import type { MapTree, Tree, TreePath } from "./tree.ts";
import { mapEntries } from "./walk.ts";

/** What is written as `A=1` in a list by then cannot be taken out by its key, in docker compose neither. */
export function unclearable(tree: Tree, path: TreePath): boolean {
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
