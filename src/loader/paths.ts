import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import type { StringMap } from "../model/project.ts";
import { fieldBelow, fields, ruleOf, type Field, type FieldRule } from "./fields.ts";
import type { MapTree, ScalarTree, Tree } from "./tree.ts";
import { mapChildren, mapEntries } from "./walk.ts";

export interface PathContext {
  /** What relative paths start from; itself relative in a file that another one includes or extends. */
  readonly base: string;
  readonly environment: StringMap;
}

export function resolvePaths(tree: MapTree, context: PathContext): MapTree {
  const resolved = visit(tree, fields, context);
  return resolved.kind === "map" ? resolved : tree;
}

function visit(tree: Tree, field: Field | undefined, context: PathContext): Tree {
  if (field === undefined) return tree;
  const { path: rule } = ruleOf(field);
  const resolved = rule === undefined ? tree : rules[rule](tree, context);
  return mapChildren(resolved, (value, key) => visit(value, fieldBelow(field, key), context));
}

type Rule = (tree: Tree, context: PathContext) => Tree;

const rules: Readonly<Record<NonNullable<FieldRule["path"]>, Rule>> = {
  plain: text((value, context) => (value === "" ? value : absolute(value, context))),
  windows: text(absoluteOrWindows),
  context: text((value, context) => (value === "" || isElsewhere(value) ? value : absolute(value, context))),
  watch: text((value, context) => (value.trim() === "" ? value : followLinks(absolute(value, context)))),
  mount: (tree, context) => (textAt(tree, "type") === "bind" ? resolveAt(tree, "source", context) : tree),
  // A named volume that is a bind mount in disguise.
  device: (tree, context) => {
    const options = tree.kind === "map" ? tree.entries.get("driver_opts")?.value : undefined;
    if (tree.kind !== "map" || options === undefined) return tree;
    if (textAt(tree, "driver") !== "local" || textAt(options, "o") !== "bind") return tree;
    return mapEntries(tree, (value, key) => (key === "driver_opts" ? resolveAt(value, "device", context) : value));
  },
};

function text(change: (value: string, context: PathContext) => string): Rule {
  return (tree, context) => {
    if (tree.kind !== "scalar" || typeof tree.value !== "string") return tree;
    return withText(tree, change(tree.value, context));
  };
}

function resolveAt(tree: Tree, key: string, context: PathContext): Tree {
  if (tree.kind !== "map") return tree;
  return mapEntries(tree, (value, name) => (name === key ? rules.windows(value, context) : value));
}

function withText(tree: ScalarTree, value: string): ScalarTree {
  return value === tree.value ? tree : { ...tree, value };
}

function absolute(value: string, { base, environment }: PathContext): string {
  const expanded = expandHome(value, environment);
  if (path.isAbsolute(expanded)) return expanded;
  const joined = path.join(base, expanded);
  return joined.length > 1 && joined.endsWith("/") ? joined.slice(0, -1) : joined;
}

function absoluteOrWindows(value: string, context: PathContext): string {
  return /^([A-Za-z]:[\\/]|\\\\)/.test(value) ? value : absolute(value, context);
}

/** What a shell reads as the home of another user, `~alice`, is a path in one's own to docker compose. */
function expandHome(value: string, environment: StringMap): string {
  if (!value.startsWith("~")) return value;
  return path.join(environment.get("HOME") ?? homedir(), value.slice(1));
}

/** A build context that is no folder of this machine. */
function isElsewhere(value: string): boolean {
  return value.includes("://") || /^(service:|github\.com\/|git@)/.test(value);
}

/** What is watched is reported by the system under its real path; what does not exist yet keeps its name. */
function followLinks(target: string): string {
  if (!path.isAbsolute(target)) return target;
  try {
    return realpathSync(target);
  } catch {
    const parent = path.dirname(target);
    return parent === target ? target : path.join(followLinks(parent), path.basename(target));
  }
}

function textAt(tree: Tree, key: string): string | undefined {
  const value = tree.kind === "map" ? tree.entries.get(key)?.value : undefined;
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}
