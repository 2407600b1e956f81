import type { Report } from "../model/diagnostic.ts";
import { errorAt } from "./blame.ts";
import { fieldBelow, fields, ruleOf, type Field, type FieldRule } from "./fields.ts";
import { recordReplacement, type History } from "./history.ts";
import { dependencyMap, nameMap, pairList, sequence } from "./shapes.ts";
import type { ListTree, MapEntry, MapTree, Tree } from "./tree.ts";

export interface MergeContext {
  readonly history: History;
  readonly report: Report;
}

interface Walk extends MergeContext {
  readonly path: (string | number)[];
}

/** What an override says is put over what was said before; each part of the result knows where it was written. */
export function mergeTrees(base: MapTree, override: MapTree, context: MergeContext): MapTree {
  return mergeMaps(base, override, { field: fields, walk: { ...context, path: [] } });
}

/** The same for a service and the one it extends. */
export function mergeServices(
  base: MapTree,
  override: MapTree,
  context: MergeContext & { readonly name: string },
): MapTree {
  const field = fieldBelow(fieldBelow(fields, "services"), context.name);
  return mergeMaps(base, override, { field, walk: { ...context, path: ["services", context.name] } });
}

interface Place {
  readonly field: Field | undefined;
  readonly walk: Walk;
}

function merge(base: Tree, override: Tree, place: Place): Tree {
  const { merge: rule } = ruleOf(place.field);
  if (rule === "replace") return replace(base, override, place);
  if (isNull(override)) return base;
  if (isNull(base)) return replace(base, override, place);
  return rule === undefined ? mergeByKind(base, override, place) : rules[rule](base, override, place);
}

function mergeByKind(base: Tree, override: Tree, place: Place): Tree {
  if (base.kind === "scalar") return replace(base, override, place);
  if (base.kind === "map" && override.kind === "map") return mergeMaps(base, override, place);
  if (base.kind === "list" && override.kind === "list") return append(base, override);
  return reportClash(base, override, place);
}

function mergeMaps(base: MapTree, override: MapTree, { field, walk }: Place): MapTree {
  const entries = new Map<string, MapEntry>(base.entries);
  for (const [key, entry] of override.entries) {
    const before = entries.get(key);
    if (before === undefined) {
      entries.set(key, entry);
      continue;
    }
    walk.path.push(key);
    const value = merge(before.value, entry.value, { field: fieldBelow(field, key), walk });
    walk.path.pop();
    entries.set(key, { key: value === before.value ? before.key : entry.key, value });
  }
  return { kind: "map", at: override.at, entries };
}

function append(base: ListTree, override: ListTree): ListTree {
  return { kind: "list", at: override.at, items: [...base.items, ...override.items] };
}

function replace(base: Tree, override: Tree, { walk }: Place): Tree {
  recordReplacement(walk.history, override, base);
  return override;
}

type Rule = (base: Tree, override: Tree, place: Place) => Tree;

const rules: Readonly<Record<Exclude<NonNullable<FieldRule["merge"]>, "replace">, Rule>> = {
  pairs: (base, override, place) => mergeLists(pairList(base), pairList(override), [base, override, place]),
  sequence: (base, override, place) => mergeLists(sequence(base), sequence(override), [base, override, place]),
  hosts: (base, override, place) => {
    const [before, after] = [pairList(base), pairList(override)];
    if (before === undefined || after === undefined) return reportClash(base, override, place);
    const known = new Set(before.items.map(textOf));
    return append(before, { ...after, items: after.items.filter((item) => !known.has(textOf(item))) });
  },
  build: (base, override, place) => mergeAsMaps(buildMap(base), buildMap(override), [base, override, place]),
  dependencies: (base, override, place) =>
    mergeAsMaps(dependencyMap(base), dependencyMap(override), [base, override, place]),
  names: (base, override, place) => mergeAsMaps(nameMap(base), nameMap(override), [base, override, place]),
  logging: mergeLogging,
  subnets: mergeSubnets,
};

/** What the sides are, should they turn out not to fit. */
type Sides = readonly [base: Tree, override: Tree, place: Place];

function mergeLists(before: ListTree | undefined, after: ListTree | undefined, sides: Sides): Tree {
  return before === undefined || after === undefined ? reportClash(...sides) : append(before, after);
}

function mergeAsMaps(before: Tree, after: Tree, sides: Sides): Tree {
  return before.kind === "map" && after.kind === "map" ? mergeMaps(before, after, sides[2]) : mergeByKind(...sides);
}

/** The options of one driver mean nothing to another. */
function mergeLogging(base: Tree, override: Tree, place: Place): Tree {
  if (base.kind !== "map" || override.kind !== "map") return mergeByKind(base, override, place);
  const [before, after] = [base.entries.get("driver")?.value, override.entries.get("driver")?.value];
  const same = before === undefined || after === undefined || textOf(before) === textOf(after);
  return same ? mergeMaps(base, override, place) : replace(base, override, place);
}

function mergeSubnets(base: Tree, override: Tree, place: Place): Tree {
  if (base.kind !== "list" || override.kind !== "list") return mergeByKind(base, override, place);
  const items = [...base.items];
  for (const pool of override.items) {
    const index = items.findIndex((item) => subnetOf(item) === subnetOf(pool));
    const before = items[index];
    if (before?.kind === "map" && pool.kind === "map")
      items[index] = mergeMaps(before, pool, { ...place, field: undefined });
    else items.push(pool);
  }
  return { kind: "list", at: override.at, items };
}

function subnetOf(pool: Tree): string | undefined {
  const subnet = pool.kind === "map" ? pool.entries.get("subnet")?.value : undefined;
  return subnet && textOf(subnet);
}

function buildMap(tree: Tree): Tree {
  if (tree.kind !== "scalar") return tree;
  return { kind: "map", at: tree.at, entries: new Map([["context", { key: tree.at, value: tree }]]) };
}

function reportClash(base: Tree, override: Tree, { walk }: Place): Tree {
  const where = walk.path.join(".");
  walk.report(
    errorAt(`cannot override ${where}: a ${nameOf(override)} cannot be merged into a ${nameOf(base)}`, {
      code: "merge-conflict",
      at: override.at,
      path: walk.path,
      notes: [{ message: `the ${nameOf(base)} is here`, at: base.at }],
      hint: "write both in the same form, or replace the earlier value with !override",
    }),
  );
  // What is kept has the right form, so that nothing else is said about it.
  return base;
}

function nameOf(tree: Tree): string {
  if (tree.kind === "map") return "mapping";
  return tree.kind === "list" ? "list" : "single value";
}

function textOf(tree: Tree): string | undefined {
  return tree.kind === "scalar" ? String(tree.value) : undefined;
}

function isNull(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}
