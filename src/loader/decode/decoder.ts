import type { Report, Span } from "../../model/diagnostic.ts";
import type { Json } from "../../model/project.ts";
import { errorAt, grammarError, warningAt } from "../blame.ts";
import type { Unparsed } from "../syntax/parsed.ts";
import { formatPath, type ListTree, type MapTree, type ScalarTree, type Tree, type TreePath } from "../tree.ts";

/** Where a decoder stands. A chain instead of a path, as paths are needed only when something is wrong. */
export interface Place {
  readonly report: Report;
  readonly positions: Positions;
  readonly key: string | number;
  readonly parent: Place | undefined;
}

/** Of a list some of whose items could not be read: where in the file the others stand. */
export type Positions = WeakMap<readonly unknown[], readonly number[]>;

/** Reads a value of the model from the canonical tree; absent after a report, and for null. Never throws. */
export type Decoder<T> = (tree: Tree, place: Place) => T | undefined;

/** One decoder per field of T: a field of the model that is forgotten here does not compile. */
export type Decoders<T> = { readonly [K in keyof T]-?: Decoder<Exclude<T[K], undefined>> };

export function object<T extends object>(
  decoders: Decoders<Omit<T, "extensions">>,
  required: readonly (keyof T & string)[] = [],
): Decoder<T> {
  const byKey: ReadonlyMap<string, Decoder<unknown>> = new Map(Object.entries<Decoder<unknown>>(decoders));
  return (tree, place) => {
    if (tree.kind !== "map") return isNull(tree) ? undefined : mismatch(tree, place, "a mapping");
    const value: Record<string, unknown> = {};
    for (const [key, entry] of tree.entries) {
      const decoded = byKey.get(key)?.(entry.value, inside(place, key));
      if (decoded !== undefined) value[key] = decoded;
    }
    for (const key of required) {
      if (value[key] !== undefined) continue;
      // What is there and could not be read has been reported.
      if (tree.entries.has(key)) return undefined;
      return problem(tree, place, { code: "missing-key", message: `"${key}" is missing` });
    }
    const extensions = decodeExtensions(tree);
    if (extensions.size > 0) value["extensions"] = extensions;
    // Every key of `value` came out of the decoder that T's own field has in the table.
    return value as T;
  };
}

export function list<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (tree, place) => {
    if (tree.kind !== "list") return isNull(tree) ? undefined : mismatch(tree, place, "a list");
    return decodeItems(tree, place, decode);
  };
}

export function decodeItems<T>(tree: ListTree, place: Place, decode: Decoder<T>): readonly T[] {
  const values: T[] = [];
  const positions: number[] = [];
  for (const [index, item] of tree.items.entries()) {
    const value = decode(item, inside(place, index));
    if (value === undefined) continue;
    values.push(value);
    positions.push(index);
  }
  if (values.length < tree.items.length) place.positions.set(values, positions);
  return values;
}

export function map<T>(decode: Decoder<T>): Decoder<ReadonlyMap<string, T>> {
  return (tree, place) => {
    if (tree.kind !== "map") return isNull(tree) ? undefined : mismatch(tree, place, "a mapping");
    const values = new Map<string, T>();
    for (const [key, entry] of tree.entries) {
      const value = decode(entry.value, inside(place, key));
      if (value !== undefined) values.set(key, value);
    }
    return values;
  };
}

/** Keeps null, where it means "with nothing special" (`networks: {front: }`). */
export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (tree, place) => (isNull(tree) ? null : decode(tree, place));
}

export function decodeExtensions(tree: MapTree): ReadonlyMap<string, Json> {
  let extensions: Map<string, Json> | undefined;
  for (const [key, entry] of tree.entries)
    if (key.startsWith("x-")) (extensions ??= new Map<string, Json>()).set(key, toJson(entry.value));
  return extensions ?? noExtensions;
}

/** Nearly every object has none: one map for them all. */
const noExtensions: ReadonlyMap<string, Json> = new Map();

export function toJson(tree: Tree): Json {
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map((item) => toJson(item));
    case "map":
      // fromEntries defines its properties, so that "__proto__" is a key like any other.
      return Object.fromEntries(Array.from(tree.entries, ([key, entry]) => [key, toJson(entry.value)]));
  }
}

export function inside(parent: Place, key: string | number): Place {
  return { report: parent.report, positions: parent.positions, key, parent };
}

export function isNull(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly at?: Span;
}

export function problem(tree: Tree, place: Place, { message, ...details }: Problem): undefined {
  place.report(errorAt(message, { at: tree.at, path: pathOf(place), ...details }));
}

export function warn(tree: Tree, place: Place, { message, ...details }: Problem): void {
  place.report(warningAt(message, { at: tree.at, path: pathOf(place), ...details }));
}

/** Says what stands there and what should; the schema has usually said so before. */
export function mismatch(tree: Tree, place: Place, wanted: string): undefined {
  const found = tree.kind === "scalar" ? describe(tree) : tree.kind === "map" ? "a mapping" : "a list";
  const message = `"${formatPath(pathOf(place))}" must be ${wanted}, but is ${found}`;
  return problem(tree, place, { code: "wrong-type", message });
}

/** What a grammar said about a text, placed inside that text. */
export function unreadable(tree: ScalarTree, place: Place, code: string, why: Unparsed): undefined {
  place.report(grammarError(tree, why, { code, path: pathOf(place) }));
}

function pathOf(place: Place): TreePath {
  const path: (string | number)[] = [];
  for (let each: Place | undefined = place; each?.parent !== undefined; each = each.parent) path.unshift(each.key);
  return path;
}

function describe({ value, written }: ScalarTree): string {
  if (value === null) return "empty";
  return typeof value === "string" ? `the text "${value}"` : `the ${typeof value} ${written ?? value}`;
}
