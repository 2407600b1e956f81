import { posix } from "node:path";

import type { Span } from "../model/diagnostic.ts";
import type { StringMap } from "../model/project.ts";
import { asDefault, type History } from "./history.ts";
import { treeAt } from "./plain.ts";
import { splitKeyValue } from "./syntax/key-value.ts";
import { child, type ListTree, type MapEntry, type MapTree, type Tree } from "./tree.ts";

interface Surroundings {
  readonly projectName: string;
  /** Absent: variables are not to be replaced, so those without a value stay so. */
  readonly environment: StringMap | undefined;
  readonly history: History;
}

/** Puts in what nobody needs to write: the default network, names of resources, dependencies that follow from links. */
export function normalise(tree: MapTree, surroundings: Surroundings): MapTree {
  const entries = new Map(tree.entries);
  const services = entries.get("services");
  if (services?.value.kind === "map") {
    const map = services.value;
    const normal = mapValues(map, (entry) => normaliseService(entry, surroundings));
    entries.set("services", { ...services, value: normal });
    addDefaultNetwork(entries, normal, surroundings);
  }
  for (const section of ["networks", "volumes", "configs", "secrets"]) {
    const found = entries.get(section);
    if (found?.value.kind !== "map") continue;
    const value = mapValues(found.value, (entry, key) => nameResource(entry, key, surroundings));
    entries.set(section, { ...found, value });
  }
  return { ...tree, entries };
}

function mapValues(map: MapTree, change: (entry: MapEntry, key: string) => Tree): MapTree {
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of map.entries) {
    const value = change(entry, key);
    entries.set(key, value === entry.value ? entry : { key: entry.key, value });
  }
  return { ...map, entries };
}

function normaliseService(entry: MapEntry, surroundings: Surroundings): Tree {
  const service = entry.value;
  if (service.kind !== "map") return service;
  const entries = new Map(service.entries);
  const change = (key: string, to: (tree: Tree) => Tree): void => {
    const found = entries.get(key);
    if (found !== undefined) entries.set(key, { key: found.key, value: to(found.value) });
  };
  addNetwork(entries, entry.key, surroundings);
  change("pull_policy", (tree) =>
    tree.kind === "scalar" && tree.value === "if_not_present" ? { ...tree, value: "missing" } : tree,
  );
  change("build", (tree) => normaliseBuild(tree, surroundings));
  change("environment", (tree) => resolveVariables(tree, surroundings.environment, keep));
  change("volumes", cleanTargets);
  change("pre_start", (tree) => addImage(tree, entries.get("image")));
  addDependencies(entries, entry.key, surroundings);
  return { ...service, entries };
}

function addNetwork(entries: Map<string, MapEntry>, at: Span, { history }: Surroundings): void {
  if (isSet(entries.get("provider")) || isSet(entries.get("network_mode"))) return;
  const networks = entries.get("networks");
  if (networks !== undefined && (networks.value.kind !== "map" || networks.value.entries.size > 0)) return;
  const none = asDefault(history, { kind: "scalar", value: null, at });
  const value = asDefault(history, { kind: "map", entries: new Map([["default", { key: at, value: none }]]), at });
  entries.set("networks", { key: at, value });
}

function addDefaultNetwork(entries: Map<string, MapEntry>, services: MapTree, { history }: Surroundings): void {
  const networks = entries.get("networks");
  if (networks !== undefined && (networks.value.kind !== "map" || networks.value.entries.has("default"))) return;
  const user = [...services.entries.values()]
    .map((each) => entryOf(child(each.value, "networks"), "default"))
    .find(isPresent);
  if (user === undefined) return;
  const value = asDefault(history, { kind: "scalar", value: null, at: user.key });
  const own: MapTree =
    networks?.value.kind === "map" ? networks.value : { kind: "map", entries: new Map(), at: user.key };
  const all: MapTree = { ...own, entries: new Map([...own.entries, ["default", { key: user.key, value }]]) };
  entries.set("networks", { key: networks?.key ?? user.key, value: all });
}

function normaliseBuild(build: Tree, { environment, history }: Surroundings): Tree {
  if (build.kind !== "map") return build;
  const entries = new Map(build.entries);
  const add = (key: string, value: string): void => {
    if (isSet(entries.get(key))) return;
    entries.set(key, { key: build.at, value: asDefault(history, { kind: "scalar", value, at: build.at }) });
  };
  add("context", ".");
  if (!isSet(entries.get("dockerfile_inline"))) add("dockerfile", "Dockerfile");
  const args = entries.get("args");
  if (args !== undefined) entries.set("args", { ...args, value: resolveVariables(args.value, environment, drop) });
  return { ...build, entries };
}

const keep = "keep";
const drop = "drop";

/** Keys without a value take it from the project's environment; what is not there either is kept or dropped. */
function resolveVariables(tree: Tree, environment: StringMap | undefined, unset: typeof keep | typeof drop): Tree {
  if (environment === undefined || tree.kind === "scalar") return tree;
  if (tree.kind === "list")
    return { ...tree, items: tree.items.flatMap((item) => resolveItem(item, environment, unset)) };
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of tree.entries) {
    const found = isSet(entry) ? undefined : environment.get(key);
    if (found !== undefined)
      entries.set(key, { ...entry, value: { kind: "scalar", value: found, template: `\${${key}}`, at: entry.key } });
    else if (isSet(entry) || unset === keep) entries.set(key, entry);
  }
  return { ...tree, entries };
}

function resolveItem(item: Tree, environment: StringMap, unset: typeof keep | typeof drop): readonly Tree[] {
  if (item.kind !== "scalar" || typeof item.value !== "string") return [item];
  const { key, value } = splitKeyValue(item.value);
  if (value !== undefined) return [item];
  const found = environment.get(key);
  if (found !== undefined) return [{ ...item, value: `${key}=${found}` }];
  return unset === keep ? [item] : [];
}

function cleanTargets(volumes: Tree): Tree {
  if (volumes.kind !== "list") return volumes;
  return { ...volumes, items: volumes.items.map(cleanTarget) };
}

function cleanTarget(mount: Tree): Tree {
  const target = entryOf(mount, "target");
  if (mount.kind !== "map" || target?.value.kind !== "scalar" || typeof target.value.value !== "string") return mount;
  const path = target.value.value;
  // A Windows path, or a variable that is still to be replaced, has its own rules.
  if (path === "" || /^([A-Za-z]:|\\)|\$/.test(path)) return mount;
  const normal = posix.normalize(path);
  const value = normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
  if (value === path) return mount;
  return { ...mount, entries: new Map(mount.entries).set("target", { ...target, value: { ...target.value, value } }) };
}

function addImage(hooks: Tree, image: MapEntry | undefined): Tree {
  if (hooks.kind !== "list" || image === undefined) return hooks;
  const items = hooks.items.map((hook): Tree => {
    if (hook.kind !== "map" || isSet(hook.entries.get("image"))) return hook;
    return { ...hook, entries: new Map(hook.entries).set("image", image) };
  });
  return { ...hooks, items };
}

/** What a service shares with another, or is linked to, it also depends on. */
function addDependencies(entries: Map<string, MapEntry>, at: Span, surroundings: Surroundings): void {
  const declared = entries.get("depends_on");
  if (declared !== undefined && declared.value.kind !== "map") return;
  const inferred = new Map<string, MapEntry>();
  const add = (name: string, from: Tree, restart: boolean): void => {
    if (declared?.value.kind === "map" && declared.value.entries.has(name)) return;
    if (!inferred.has(name))
      inferred.set(name, { key: from.at, value: dependency(from.at, restart, surroundings.history) });
  };
  for (const item of itemsOf(entries.get("links"))) add(linked(item.text), item.tree, true);
  for (const key of ["network_mode", "ipc", "pid", "uts", "cgroup"]) {
    const tree = entries.get(key)?.value;
    if (tree?.kind !== "scalar" || typeof tree.value !== "string" || !tree.value.startsWith("service:")) continue;
    add(tree.value.slice("service:".length), tree, true);
  }
  for (const item of itemsOf(entries.get("volumes_from")))
    if (!item.text.startsWith("container:")) add(beforeColon(item.text), item.tree, false);
  if (inferred.size === 0) return;
  const own = declared?.value.kind === "map" ? declared.value.entries : new Map<string, MapEntry>();
  const value: MapTree = { kind: "map", entries: new Map([...own, ...inferred]), at: declared?.value.at ?? at };
  entries.set("depends_on", { key: declared?.key ?? at, value });
}

function dependency(at: Span, restart: boolean, history: History): Tree {
  const tree = treeAt(at, { condition: "service_started", ...(restart && { restart }), required: true });
  return asDefault(history, tree);
}

function nameResource(entry: MapEntry, key: string, { projectName, history }: Surroundings): Tree {
  const { value: tree, key: at } = entry;
  if (tree.kind === "list" || (tree.kind === "scalar" && tree.value !== null)) return tree;
  const own = tree.kind === "map" ? tree : { kind: "map" as const, entries: new Map<string, MapEntry>(), at: tree.at };
  const name = own.entries.get("name");
  if (isSet(name)) return tree;
  const external = child(own, "external");
  const isExternal = external?.kind === "scalar" && external.value === true;
  const value = asDefault(history, {
    kind: "scalar",
    value: isExternal ? key : `${projectName}_${key}`,
    quoted: true,
    at,
  });
  return { ...own, entries: new Map(own.entries).set("name", { key: at, value }) };
}

function itemsOf(entry: MapEntry | undefined): readonly { readonly text: string; readonly tree: Tree }[] {
  const list: ListTree["items"] = entry?.value.kind === "list" ? entry.value.items : [];
  return list.flatMap((tree) =>
    tree.kind === "scalar" && typeof tree.value === "string" ? [{ text: tree.value, tree }] : [],
  );
}

/** `SERVICE:ALIAS`; to docker compose what has more parts is a name that no service has. */
function linked(text: string): string {
  const parts = text.split(":");
  return parts.length === 2 ? (parts[0] ?? text) : text;
}

function beforeColon(text: string): string {
  return text.split(":", 1)[0] ?? text;
}

function entryOf(tree: Tree | undefined, key: string): MapEntry | undefined {
  return tree?.kind === "map" ? tree.entries.get(key) : undefined;
}

function isSet(entry: MapEntry | undefined): boolean {
  return entry !== undefined && !(entry.value.kind === "scalar" && entry.value.value === null);
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
