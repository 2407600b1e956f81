import type { Report } from "../model/diagnostic.ts";
import type { StringMap } from "../model/project.ts";
import { errorAt, warningAt } from "./blame.ts";
import { fieldBelow, fields, ruleOf, type Field, type FieldRule } from "./fields.ts";
import { treeAt } from "./plain.ts";
import { dependencyMap, nameMap, pairMap, scalarText, sequence } from "./shapes.ts";
import { longDevice, longMount, longPorts } from "./short-forms.ts";
import { splitKeyValue } from "./syntax/key-value.ts";
import type { ListTree, MapEntry, MapTree, Tree, TreePath } from "./tree.ts";
import type { VariablePlaces } from "./variables.ts";
import { mapChildren, mapEntries, mapItems, withEntry } from "./walk.ts";

export interface CanonicalContext {
  readonly environment: StringMap;
  readonly variables: VariablePlaces;
  /** Variables were left in, so a short form that cannot be read is not wrong. */
  readonly lenient: boolean;
  readonly report: Report;
}

export interface CanonicalPlace extends CanonicalContext {
  readonly path: TreePath;
}

interface Walk extends CanonicalContext {
  readonly path: (string | number)[];
}

/** Short forms become long ones. What is neither is left for the schema and the decoders to report. */
export function makeCanonical(tree: MapTree, context: CanonicalContext): MapTree {
  const canonical = visit(tree, fields, { ...context, path: [] });
  return canonical.kind === "map" ? canonical : tree;
}

function visit(tree: Tree, field: Field | undefined, walk: Walk): Tree {
  if (field === undefined) return tree;
  const { canonical } = ruleOf(field);
  const long = canonical === undefined ? tree : rules[canonical](tree, walk);
  return mapChildren(long, (value, key) => {
    walk.path.push(key);
    const child = visit(value, fieldBelow(field, key), walk);
    walk.path.pop();
    return child;
  });
}

type Rule = (tree: Tree, place: CanonicalPlace) => Tree;

const rules: Readonly<Record<NonNullable<FieldRule["canonical"]>, Rule>> = {
  build: (tree) => wrapText(tree, "context"),
  "file-mount": (tree) => wrapText(tree, "source"),
  text: (tree) =>
    tree.kind === "scalar" && tree.value !== null && typeof tree.value !== "string"
      ? { ...tree, value: scalarText(tree) }
      : tree,
  "context-map": contextMap,
  ssh: sshMap,
  dependencies: (tree) =>
    mapChildren(dependencyMap(tree), (each) => withDefaults(each, { condition: "service_started", required: true })),
  "env-files": (tree) => {
    const list = tree.kind === "scalar" && tree.value !== null ? sequence(tree) : tree;
    return list?.kind === "list"
      ? mapItems(list, (item) => withDefaults(wrapText(item, "path"), { required: true }))
      : tree;
  },
  list: (tree) => (tree.kind === "scalar" && tree.value !== null ? (sequence(tree) ?? tree) : tree),
  extends: (tree) => wrapText(tree, "service"),
  gpus: (tree) => (tree.kind === "scalar" && tree.value === "all" ? treeAt(tree.at, [{ count: "all" }]) : tree),
  names: nameMap,
  mount: longMount,
  device: longDevice,
  ports: longPorts,
  external: externalName,
};

/** `x` → `{key: x}` */
function wrapText(tree: Tree, key: string): Tree {
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return tree;
  return { kind: "map", at: tree.at, entries: new Map([[key, { key: tree.at, value: tree }]]) };
}

function withDefaults(tree: Tree, defaults: Readonly<Record<string, string | boolean>>): Tree {
  if (tree.kind !== "map") return tree;
  let map = tree;
  for (const [key, value] of Object.entries(defaults)) {
    if (!map.entries.has(key)) map = withEntry(map, key, { key: tree.at, value: treeAt(tree.at, value) });
  }
  return map;
}

function contextMap(tree: Tree, { path, report }: CanonicalPlace): Tree {
  if (tree.kind !== "list") return tree;
  const bare = tree.items.find((item) => item.kind === "scalar" && !String(item.value).includes("="));
  if (bare !== undefined) {
    const message = `the build context "${bare.kind === "scalar" ? String(bare.value) : ""}" has no value`;
    report(errorAt(message, { code: "missing-value", at: bare.at, path, hint: "write it as NAME=PATH" }));
  }
  return pairMap(tree) ?? tree;
}

/** `default` alone is the agent that is running; any other id needs a key. */
function sshMap(tree: Tree, place: CanonicalPlace): Tree {
  if (tree.kind !== "list") return tree;
  const entries = new Map<string, MapEntry>();
  for (const item of tree.items) {
    if (item.kind !== "scalar" || typeof item.value !== "string") return tree;
    const { key, value } = splitKeyValue(item.value);
    if (value === undefined && key !== "default") return reportNoKey(tree, item.value, place);
    const path: Tree = { kind: "scalar", at: item.at, value: value ?? null };
    entries.set(key, { key: item.at, value: path });
  }
  return { kind: "map", at: tree.at, entries };
}

function reportNoKey(tree: ListTree, id: string, { path, report }: CanonicalPlace): Tree {
  const message = `the ssh key "${id}" has no path`;
  report(errorAt(message, { code: "missing-value", at: tree.at, path, hint: `write it as ${id}=PATH` }));
  return tree;
}

/** `external: {name: x}` is how old files say `external: true` with `name: x`. */
function externalName(tree: Tree, { path, report }: CanonicalPlace): Tree {
  const external = tree.kind === "map" ? tree.entries.get("external") : undefined;
  if (tree.kind !== "map" || external?.value.kind !== "map") return tree;
  const plain = mapEntries(tree, (value) => (value === external.value ? treeAt(value.at, true) : value));
  const old = external.value.entries.get("name");
  if (old === undefined) return plain;
  const where = path.join(".");
  const hint = 'write "external: true", and "name" beside it';
  report(warningAt(`${where}: external.name is deprecated`, { code: "deprecated", at: old.key, path, hint }));
  const name = tree.entries.get("name");
  if (name === undefined) return withEntry(plain, "name", old);
  if (textOf(name.value) !== textOf(old.value)) {
    const notes = [{ message: "the other name is here", at: old.value.at }];
    const message = `${where}: name and external.name conflict`;
    report(errorAt(message, { code: "name-conflict", at: name.value.at, path, notes, hint: "remove external.name" }));
  }
  return plain;
}

function textOf(tree: Tree): string | undefined {
  return tree.kind === "scalar" ? String(tree.value) : undefined;
}
