import type { Diagnostic, DiagnosticNote, Report, Span } from "../model/diagnostic.ts";
import { errorAt } from "./blame.ts";
import { nodeOfKey, rootNode, type SchemaNode, type TypeName } from "./schema/node.ts";
import { pathOf, type Place } from "./schema/place.ts";
import { describeBadValue, describeUnknownKey, describeWrongType, joinWords, type Words } from "./schema/words.ts";
import { formatPath, type ListTree, type MapTree, type ScalarTree, type ScalarValue, type Tree } from "./tree.ts";

/**
 * Whether the document has the form of schemas/compose.schema.json. Reports every mistake, each one once and at the
 * deepest place that explains it: what is inside of a value of the wrong type is not looked at.
 */
export function checkSchema(tree: Tree, report: Report): void {
  check({ tree, node: rootNode, span: tree.at }, report);
}

function check(place: Place, report: Report): void {
  const { tree, node } = place;
  const { types } = node;
  switch (tree.kind) {
    case "scalar":
      if (!hasType(tree.value, types)) report(wrongType(place));
      else if (!isAllowed(tree.value, node)) report(badValue(place, tree));
      return;
    case "list":
      return types.length > 0 && !types.includes("array") ? report(wrongType(place)) : checkList(place, tree, report);
    case "map":
      return types.length > 0 && !types.includes("object") ? report(wrongType(place)) : checkMap(place, tree, report);
  }
}

/** Most of a document is this, and needs no place to be remembered for it. */
function isGood(tree: Tree, node: SchemaNode): boolean {
  return tree.kind === "scalar" && hasType(tree.value, node.types) && isAllowed(tree.value, node);
}

function hasType(value: ScalarValue, types: readonly TypeName[]): boolean {
  if (types.length === 0) return true;
  if (value === null) return types.includes("null");
  if (typeof value === "string") return types.includes("string");
  if (typeof value === "boolean") return types.includes("boolean");
  return types.includes("number") || (types.includes("integer") && isWhole(value));
}

function isWhole(value: number | bigint): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

function isAllowed(value: ScalarValue, { values, pattern, minimum, maximum }: SchemaNode): boolean {
  if (typeof value === "string") return (values?.includes(value) ?? true) && (pattern?.test(value) ?? true);
  if (typeof value !== "number" && typeof value !== "bigint") return true;
  return (minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum);
}

function checkList(place: Place, list: ListTree, report: Report): void {
  const { items, uniqueItems } = place.node;
  if (items !== undefined) {
    let part = 0;
    for (const tree of list.items) {
      if (!isGood(tree, items)) check({ tree, node: items, part, span: tree.at, parent: place }, report);
      part++;
    }
  }
  if (uniqueItems && list.items.length > 1) checkUnique(place, list, report);
}

function checkUnique(place: Place, list: ListTree, report: Report): void {
  const seen = new Map<string, Tree>();
  for (const item of list.items) {
    const key = item.kind === "scalar" ? `${typeof item.value} ${item.value}` : JSON.stringify(plain(item));
    const first = seen.get(key);
    if (first === undefined) seen.set(key, item);
    else report(duplicate(place, item, first));
  }
}

function checkMap(place: Place, map: MapTree, report: Report): void {
  for (const [key, { key: span, value }] of map.entries) {
    const node = nodeOfKey(place.node, key);
    if (node === "none") report(mistake(place, "unknown-key", span, describeUnknownKey(place, key, value)));
    else if (node !== "any" && !isGood(value, node))
      check({ tree: value, node, part: key, span, parent: place }, report);
  }
  for (const key of place.node.required) if (!map.entries.has(key)) report(missingKey(place, key));
}

interface Finding extends Words {
  readonly notes?: readonly DiagnosticNote[];
}

function mistake(place: Place, code: string, at: Span, finding: Finding): Diagnostic {
  const { message, hint, notes } = finding;
  return errorAt(message, { code, at, path: pathOf(place), hint, notes });
}

function wrongType(place: Place): Diagnostic {
  // A mapping or list may go on for pages; its key says enough.
  const at = place.tree.kind === "scalar" && place.tree.value !== null ? place.tree.at : place.span;
  return mistake(place, "wrong-type", at, describeWrongType(place));
}

function badValue(place: Place, { value, at }: ScalarTree): Diagnostic {
  return mistake(place, "bad-value", at, describeBadValue(place, value));
}

function missingKey(place: Place, key: string): Diagnostic {
  const values = place.node.keys.get(key)?.values;
  const hint = `add "${key}:"${values === undefined ? "" : ` with ${joinWords(values)}`}`;
  return mistake(place, "missing-key", place.span, { message: `${formatPath(pathOf(place))} has no "${key}"`, hint });
}

function duplicate(place: Place, item: Tree, first: Tree): Diagnostic {
  const what = item.kind === "scalar" ? `"${String(item.value)}"` : "the same item";
  const message = `${formatPath(pathOf(place))} has ${what} twice`;
  const notes = [{ message: "first here", at: first.at }];
  return mistake(place, "duplicate-item", item.at, { message, notes, hint: "remove one of them" });
}

/** Equal for equal values, whatever the order of their keys. */
function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case "scalar":
      return typeof tree.value === "bigint" ? [tree.value.toString()] : tree.value;
    case "list":
      return tree.items.map(plain);
    case "map":
      return { entries: [...tree.entries].map(([key, { value }]) => [key, plain(value)]).sort(byKey) };
  }
}

function byKey([left]: readonly unknown[], [right]: readonly unknown[]): number {
  return String(left) < String(right) ? -1 : 1;
}
