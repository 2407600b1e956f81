import type { Report, Span } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import { formatPath, type MapEntry, type MapTree, type Tree, type TreePath } from "../tree.ts";

/** A key with its value, as written. */
export interface Pair {
  /** Absent: the key was refused. */
  readonly key: string | undefined;
  readonly at: Span;
  /** The key is a bare `<<`. */
  readonly merges: boolean;
  readonly value: Tree;
}

/** Refuses keys that are there twice, and puts in what `<<` brings: never in the place of a key that is written. */
export function buildEntries(pairs: readonly Pair[], report: Report): ReadonlyMap<string, MapEntry> {
  const entries = new Map<string, MapEntry>();
  let merge: Pair | undefined;
  for (const pair of pairs) {
    const { key, at, value } = pair;
    if (key === undefined) continue;
    const first = pair.merges ? merge?.at : entries.get(key)?.key;
    if (first !== undefined) reportDuplicate(key, { at, first }, report);
    else if (pair.merges) merge = pair;
    else entries.set(key, { key: at, value });
  }
  if (merge !== undefined) mergeInto(entries, merge, report);
  return entries;
}

export interface KeyPlace {
  /** Of the mapping. */
  readonly path: TreePath;
  readonly report: Report;
}

export function checkKey(key: Tree, { path, report }: KeyPlace): string | undefined {
  if (key.kind === "scalar" && typeof key.value === "string") return key.value;
  const where = path.length === 0 ? "at the top" : `in ${formatPath(path)}`;
  report(
    errorAt(`non-string key ${where}: ${describeKey(key)}`, {
      code: "non-string-key",
      at: key.at,
      path,
      hint: hintFor(key),
    }),
  );
  return undefined;
}

function describeKey(key: Tree): string {
  if (key.kind !== "scalar") return `a key may not be a ${key.kind === "list" ? "list" : "mapping"}`;
  if (key.value === null) return "the key is empty";
  return `${key.written ?? key.value} is a ${typeof key.value === "boolean" ? "boolean" : "number"}`;
}

function hintFor(key: Tree): string {
  if (key.kind !== "scalar") return "if the brackets are meant literally, quote the whole value";
  return key.value === null ? "write a name before the colon" : `quote it: "${key.written ?? key.value}"`;
}

function reportDuplicate(key: string, places: { readonly at: Span; readonly first: Span }, report: Report): void {
  report(
    errorAt(`the key "${key}" is already defined in this mapping`, {
      code: "duplicate-key",
      at: places.at,
      notes: [{ message: "first defined here", at: places.first }],
      hint:
        key === "<<"
          ? "merge several mappings with a list: <<: [*a, *b]"
          : "remove one, or put both values under one key",
    }),
  );
}

/** Of several sources the earlier one wins. */
function mergeInto(entries: Map<string, MapEntry>, merge: Pair, report: Report): void {
  const { value } = merge;
  const sources = value.kind === "list" ? value.items : [value];
  for (const source of sources) {
    if (source.kind === "map") addMissing(entries, source);
    else {
      const hint = "write an alias to a mapping after <<, or a list of them";
      report(
        errorAt("the merge key << needs a mapping, or a list of mappings", { code: "bad-merge", at: source.at, hint }),
      );
    }
  }
}

function addMissing(entries: Map<string, MapEntry>, source: MapTree): void {
  for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
}
