import type { Span } from "../../model/diagnostic.ts";
import type { Tree, TreePath } from "../tree.ts";
import type { SchemaNode } from "./node.ts";

/** A value, what the schema says of it, and how one gets to it. */
export interface Place {
  readonly tree: Tree;
  readonly node: SchemaNode;
  /** Its key or index in the parent; absent at the top. */
  readonly part?: string | number;
  /** What to underline for the place as a whole: its key, or the list's item itself. */
  readonly span: Span;
  readonly parent?: Place;
}

export function pathOf(place: Place): TreePath {
  const path: (string | number)[] = [];
  for (let each: Place | undefined = place; each?.part !== undefined; each = each.parent) path.unshift(each.part);
  return path;
}
