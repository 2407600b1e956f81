import type { Span } from "../model/diagnostic.ts";

/**
 * A document as it was written: every value knows its place, through merge, extends and include.
 * Nodes are immutable; a merge makes new parents around old children, so blame survives.
 */
export type Tree = ScalarTree | ListTree | MapTree;

export type ScalarValue = null | boolean | number | bigint | string;

interface TreeBase {
  /** Where the value is written; a default that nobody wrote points to what caused it. */
  readonly at: Span;
}

export interface ScalarTree extends TreeBase {
  readonly kind: "scalar";
  readonly value: ScalarValue;
  /** True when quotes or a tag made it a string, so that typing traps (`yes`, `010`) are not reported. */
  readonly quoted?: boolean;
  /** The text before interpolation, when variables were replaced in it. */
  readonly template?: string;
  /** Text as written, for numbers whose spelling matters (`0440`, `1.50`, dates). */
  readonly written?: string;
  /** Of a variable's name (`secrets.*.environment`): its value where the file is included, which may be another elsewhere. */
  readonly captured?: string;
}

export interface ListTree extends TreeBase {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

export interface MapTree extends TreeBase {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly key: Span;
  readonly value: Tree;
}

/** A path into a tree: keys and list indexes. */
export type TreePath = readonly (string | number)[];

/** "services.web.ports[0]" */
export function formatPath(path: TreePath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

export function child(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === "map" ? tree.entries.get(key)?.value : undefined;
}
