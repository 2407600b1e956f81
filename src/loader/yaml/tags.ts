import type { ListTree, MapEntry, MapTree, Tree, TreePath } from "../tree.ts";

/** `!reset` removes what was said before, `!override` takes its place instead of being merged. */
export type Tag = "reset" | "override";

export interface Cleared {
  readonly root: Tree;
  readonly cleared: readonly TreePath[];
}

interface Search {
  readonly tags: ReadonlyMap<Tree, Tag>;
  readonly cleared: TreePath[];
}

/** Takes `!reset` values out of a document and lists what it clears. Places reached through aliases count each time. */
export function collectCleared(root: Tree, tags: ReadonlyMap<Tree, Tag>): Cleared {
  const cleared: TreePath[] = [];
  const pruned = prune({ tags, cleared }, root, []);
  return { root: pruned ?? { kind: "map", at: root.at, entries: new Map() }, cleared };
}

function prune(search: Search, tree: Tree, path: TreePath): Tree | undefined {
  const tag = search.tags.get(tree);
  // What is in a list has no name by which a file before could be meant.
  if (tag !== undefined && path.every((part) => typeof part === "string")) search.cleared.push(path);
  if (tag === "reset") return undefined;
  switch (tree.kind) {
    case "scalar":
      return tree;
    case "list":
      return pruneList(search, tree, path);
    case "map":
      return pruneMap(search, tree, path);
  }
}

function pruneList(search: Search, list: ListTree, path: TreePath): ListTree {
  const items = list.items.flatMap((item, index) => prune(search, item, [...path, index]) ?? []);
  const same = items.length === list.items.length && items.every((item, index) => item === list.items[index]);
  return same ? list : { ...list, items };
}

function pruneMap(search: Search, map: MapTree, path: TreePath): MapTree {
  const entries = new Map<string, MapEntry>();
  let same = true;
  for (const [key, entry] of map.entries) {
    const value = prune(search, entry.value, [...path, key]);
    if (value !== undefined) entries.set(key, value === entry.value ? entry : { key: entry.key, value });
    if (value !== entry.value) same = false;
  }
  return same ? map : { ...map, entries };
}
