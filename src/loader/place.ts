import type { Span } from "../model/diagnostic.ts";
import type { Origin } from "../model/project.ts";
import type { MapTree, Tree, TreePath } from "./tree.ts";

/** Where the last key of the path is written; for an item of a list, the item. Missing parts: the nearest parent. */
export function keySpan(tree: MapTree, path: TreePath): Span {
  return spanOf(tree, path, "key");
}

/** Where the value at the path is written. */
export function valueSpan(tree: MapTree, path: TreePath): Span {
  return spanOf(tree, path, "value");
}

export function hasPath(tree: MapTree, path: TreePath): boolean {
  let node: Tree | undefined = tree;
  for (const part of path) node = step(node, part)?.value;
  return node !== undefined;
}

/** The first line is 1, the first column is 1. */
export function originOf(span: Span): Origin {
  const { source, start } = span;
  const starts = lineStarts(source.text, source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= start) low = middle;
    else high = middle - 1;
  }
  return { file: source.path, line: low + 1, column: start - (starts[low] ?? 0) + 1 };
}

function spanOf(tree: MapTree, path: TreePath, wanted: "key" | "value"): Span {
  let node: Tree = tree;
  let span = tree.at;
  for (const part of path) {
    const next = step(node, part);
    if (next === undefined) break;
    node = next.value;
    span = wanted === "key" ? next.key : node.at;
  }
  return span;
}

function step(node: Tree | undefined, part: string | number): { readonly key: Span; readonly value: Tree } | undefined {
  if (node?.kind === "map" && typeof part === "string") return node.entries.get(part);
  const item = node?.kind === "list" && typeof part === "number" ? node.items[part] : undefined;
  return item && { key: item.at, value: item };
}

/** Found once for each file, however many places in it are asked for. */
const known = new WeakMap<object, readonly number[]>();

function lineStarts(text: string, owner: object): readonly number[] {
  const found = known.get(owner);
  if (found !== undefined) return found;
  const starts = [0];
  for (let next = text.indexOf("\n"); next !== -1; next = text.indexOf("\n", next + 1)) starts.push(next + 1);
  known.set(owner, starts);
  return starts;
}
