import type { ListTree, MapEntry, MapTree, Tree } from "./tree.ts";

type Visit = (value: Tree, key: string | number) => Tree | undefined;

/** Replaces the children of a node, or drops those for which nothing is returned. Without a change it is the same node. */
export function mapChildren(tree: Tree, visit: Visit): Tree {
  switch (tree.kind) {
    case "scalar":
      return tree;
    case "list":
      return mapItems(tree, visit);
    case "map":
      return mapEntries(tree, visit);
  }
}

export function mapItems(list: ListTree, visit: Visit): ListTree {
  let changed: Tree[] | undefined;
  for (const [index, item] of list.items.entries()) {
    const value = visit(item, index);
    if (value !== item) changed ??= list.items.slice(0, index);
    if (value !== undefined) changed?.push(value);
  }
  return changed === undefined ? list : { ...list, items: changed };
}

export function mapEntries(map: MapTree, visit: Visit): MapTree {
  let changed: Map<string, MapEntry> | undefined;
  for (const [key, entry] of map.entries) {
    const value = visit(entry.value, key);
    if (value === entry.value) continue;
    changed ??= new Map(map.entries);
    if (value === undefined) changed.delete(key);
    else changed.set(key, { key: entry.key, value });
  }
  return changed === undefined ? map : { ...map, entries: changed };
}

/** The same map with one key more, or with another value under it. */
export function withEntry(map: MapTree, key: string, entry: MapEntry): MapTree {
  return { ...map, entries: new Map(map.entries).set(key, entry) };
}

export function withoutEntry(map: MapTree, key: string): MapTree {
  if (!map.entries.has(key)) return map;
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}
