import type { MapTree, TreePath } from "./tree.ts";
import { withEntry, withoutEntry } from "./walk.ts";

/** Takes out what `!reset` and `!override` clear. */
export function clearPaths(tree: MapTree, paths: readonly TreePath[]): MapTree {
  let cleared = tree;
  for (const path of paths) cleared = clear(cleared, path);
  return cleared;
}

function clear(tree: MapTree, [key, ...rest]: TreePath): MapTree {
  const entry = typeof key === "string" ? tree.entries.get(key) : undefined;
  if (typeof key !== "string" || entry === undefined) return tree;
  if (rest.length === 0) return withoutEntry(tree, key);
  if (entry.value.kind !== "map") return tree;
  const value = clear(entry.value, rest);
  return value === entry.value ? tree : withEntry(tree, key, { key: entry.key, value });
}
