import type { Diagnostic, DiagnosticNote, Report, Span } from "../model/diagnostic.ts";
import { errorAt } from "./blame.ts";
import { matches, nodeOfKey, resolve, rootNode, typesOf, type SchemaNode } from "./schema/node.ts";
import { pathOf, type Place } from "./schema/place.ts";
import {
  describeBadText,
  describeRange,
  describeUnknownKey,
  describeWrongType,
  joinWords,
  type Words,
} from "./schema/words.ts";
import { formatPath, type ListTree, type MapTree, type ScalarTree, type Tree } from "./tree.ts";

/**
 * Whether the document has the form of schemas/compose.schema.json. Reports every mistake, each one once and at the
 * deepest place that explains it: what is inside of a value of the wrong type is not looked at.
 */
export function checkSchema(tree: Tree, report: Report): void {
  check({ tree, node: resolve(rootNode), span: tree.at }, report);
}

function check(place: Place, report: Report): void {
  const { tree, node } = place;
  if (!hasType(tree, node)) return report(wrongType(place));
  switch (tree.kind) {
    case "scalar":
      return checkScalar(place, tree, report);
    case "list":
      return checkList(place, tree, report);
    case "map":
      return checkMap(place, tree, report);
  }
}

function hasType(tree: Tree, node: SchemaNode): boolean {
  const types = typesOf(node);
  if (types.length === 0) return true;
  switch (tree.kind) {
    case "list":
      return types.includes("array");
    case "map":
      return types.includes("object");
    case "scalar":
      return scalarHasType(tree.value, types);
  }
}

function scalarHasType(value: ScalarTree["value"], types: readonly string[]): boolean {
  if (value === null) return types.includes("null");
  if (typeof value === "bigint") return types.includes("integer") || types.includes("number");
  if (typeof value !== "number") return types.includes(typeof value);
  return types.includes("number") || (types.includes("integer") && Number.isInteger(value));
}

function checkScalar(place: Place, { value }: ScalarTree, report: Report): void {
  const { enum: values, pattern, minimum = -Infinity, maximum = Infinity } = place.node;
  if (typeof value === "string") {
    const allowed = (values?.includes(value) ?? true) && (pattern === undefined || matches(pattern, value));
    if (!allowed) report(mistake(place, "bad-value", place.tree.at, describeBadText(place, value)));
  } else if ((typeof value === "number" || typeof value === "bigint") && (value < minimum || value > maximum))
    report(mistake(place, "bad-value", place.tree.at, describeRange(place, value)));
}

function checkList(place: Place, list: ListTree, report: Report): void {
  const { items, uniqueItems } = place.node;
  if (items !== undefined) {
    const node = resolve(items);
    for (const [part, tree] of list.items.entries()) check({ tree, node, part, span: tree.at, parent: place }, report);
  }
  if (uniqueItems) checkUnique(place, list, report);
}

function checkUnique(place: Place, list: ListTree, report: Report): void {
  const seen = new Map<string, Tree>();
  for (const item of list.items) {
    const key = JSON.stringify(plain(item));
    const first = seen.get(key);
    if (first === undefined) seen.set(key, item);
    else report(duplicate(place, item, first));
  }
}

function checkMap(place: Place, map: MapTree, report: Report): void {
  for (const [key, { key: span, value }] of map.entries) {
    const node = nodeOfKey(place.node, key);
    if (node === "none") report(mistake(place, "unknown-key", span, describeUnknownKey(place, key, value)));
    else if (node !== "any") check({ tree: value, node: resolve(node), part: key, span, parent: place }, report);
  }
  for (const key of place.node.required ?? []) if (!map.entries.has(key)) report(missingKey(place, key));
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

function missingKey(place: Place, key: string): Diagnostic {
  const values = resolve(place.node.properties?.[key] ?? {}).enum;
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
