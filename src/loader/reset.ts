import type { MapTree, TreePath } from "./tree.ts";
import { mapEntries } from "./walk.ts";

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
