import type { Span } from "../model/diagnostic.ts";
import { positionOf } from "../model/position.ts";
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

export function nodeAt(tree: MapTree, path: TreePath): Tree | undefined {
  let node: Tree | undefined = tree;
  for (const part of path) node = step(node, part)?.value;
  return node;
}

/** A single value as it is written. */
export function textAt(tree: MapTree, path: TreePath): string | undefined {
  const node = nodeAt(tree, path);
  return node?.kind === "scalar" ? (node.written ?? String(node.value)) : undefined;
}

/** Whether one place is a part of the other. */
export function contains(outer: Span, inner: Span): boolean {
  return outer.source === inner.source && outer.start <= inner.start && inner.end <= outer.end;
}

export function originOf({ source, start }: Span): Origin {
  return { file: source.path, ...positionOf(source, start) };
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
