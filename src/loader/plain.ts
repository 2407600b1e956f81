import type { Span } from "../model/diagnostic.ts";
import { spanWithin } from "./blame.ts";
import type { ScalarTree, Tree } from "./tree.ts";

type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** The long form of what `scalar` says in short; its parts point to where in the text they are, if they can be found. */
export function longForm(scalar: ScalarTree, value: Plain): Tree {
  const place = (key: string | undefined, part: Plain): Span => {
    if (typeof scalar.value !== "string" || (typeof part !== "string" && typeof part !== "number")) return scalar.at;
    const text = String(part);
    const offset = key === "target" ? scalar.value.lastIndexOf(text) : scalar.value.indexOf(text);
    return offset === -1 || text === "" ? scalar.at : spanWithin(scalar, { offset, length: text.length });
  };
  return treeOf(value, scalar.at, place);
}

/** Values that nobody wrote, blamed on what they follow from. */
export function treeAt(at: Span, value: Plain): Tree {
  return treeOf(value, at, () => at);
}

function treeOf(value: Plain, at: Span, place: (key: string | undefined, part: Plain) => Span, key?: string): Tree {
  if (typeof value !== "object") return { kind: "scalar", at: place(key, value), value };
  if (isList(value)) return { kind: "list", at, items: value.map((item) => treeOf(item, at, place, key)) };
  const entries = Object.entries(value).flatMap(([name, part]) =>
    part === undefined ? [] : [[name, { key: at, value: treeOf(part, at, place, name) }] as const],
  );
  return { kind: "map", at, entries: new Map(entries) };
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
