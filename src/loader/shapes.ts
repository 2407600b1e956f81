import { formatGoNumber } from "./syntax/go-number.ts";
import { splitKeyValue } from "./syntax/key-value.ts";
import type { ListTree, MapEntry, MapTree, ScalarTree, Tree } from "./tree.ts";

/** The forms in which a file may write the same thing, turned into one. What has neither form stays as it is. */

/** `{A: 1}` → `[A=1]`, sorted; a value of null leaves the bare key, a list of values repeats it. */
export function pairList(tree: Tree): ListTree | undefined {
  if (tree.kind === "list") return tree;
  if (tree.kind === "scalar") return undefined;
  const items: ScalarTree[] = [];
  for (const [key, entry] of tree.entries) {
    const values = entry.value.kind === "list" ? entry.value.items : [entry.value];
    for (const value of values) {
      // A mapping where a value belongs is for the schema to report: it has to stay visible.
      if (value.kind !== "scalar") return undefined;
      items.push(pairItem(key, { key: entry.key, value }));
    }
  }
  items.sort((left, right) => (String(left.value) < String(right.value) ? -1 : 1));
  return { kind: "list", at: tree.at, items };
}

/** `x` → `[x]` */
export function sequence(tree: Tree): ListTree | undefined {
  if (tree.kind === "list") return tree;
  return tree.kind === "scalar" ? { kind: "list", at: tree.at, items: [tree] } : undefined;
}

/** `[a, b]` → `{a: null, b: null}` */
export function nameMap(tree: Tree): Tree {
  return itemsAsKeys(tree, (item) => ({ kind: "scalar", at: item.at, value: null }));
}

/** `[a]` → `{a: {condition: service_started, required: true}}` */
export function dependencyMap(tree: Tree): Tree {
  return itemsAsKeys(tree, ({ at }) => ({
    kind: "map",
    at,
    entries: new Map([
      ["condition", { key: at, value: { kind: "scalar", at, value: "service_started" } }],
      ["required", { key: at, value: { kind: "scalar", at, value: true } }],
    ]),
  }));
}

/** `[a=b]` → `{a: b}`; undefined where an item has no `=`. */
export function pairMap(list: ListTree): MapTree | undefined {
  const entries = new Map<string, MapEntry>();
  for (const item of list.items) {
    if (item.kind !== "scalar" || typeof item.value !== "string") return undefined;
    const { key, value } = splitKeyValue(item.value);
    if (value === undefined) return undefined;
    entries.set(key, { key: item.at, value: { kind: "scalar", at: item.at, value, quoted: true } });
  }
  return { kind: "map", at: list.at, entries };
}

/** A number or a boolean as docker compose writes it where it wants text. */
export function scalarText({ value, written }: ScalarTree): string {
  return typeof value === "number" || typeof value === "bigint" ? formatGoNumber(value, written) : String(value);
}

function pairItem(
  key: string,
  { key: keyAt, value }: { readonly key: MapEntry["key"]; readonly value: ScalarTree },
): ScalarTree {
  const { at, template, quoted } = value;
  const text = value.value === null ? key : `${key}=${scalarText(value)}`;
  // Key and value stand together unless an alias brought the value.
  const together = keyAt.source === at.source && keyAt.start <= at.start;
  return {
    kind: "scalar",
    at: together ? { source: at.source, start: keyAt.start, end: at.end } : at,
    value: text,
    ...(template !== undefined && { template }),
    ...(quoted !== undefined && { quoted }),
  };
}

function itemsAsKeys(tree: Tree, makeValue: (item: ScalarTree) => Tree): Tree {
  if (tree.kind !== "list") return tree;
  const entries = new Map<string, MapEntry>();
  for (const item of tree.items) {
    if (item.kind !== "scalar" || typeof item.value !== "string") return tree;
    entries.set(item.value, { key: item.at, value: makeValue(item) });
  }
  return { kind: "map", at: tree.at, entries };
}
