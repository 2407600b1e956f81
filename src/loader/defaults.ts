import { asDefault, type History } from "./history.ts";
import { treeAt } from "./plain.ts";
import type { MapTree, Tree } from "./tree.ts";
import { mapChildren, mapEntries, withEntry } from "./walk.ts";

/** What the long forms leave out, once all files are merged. */
export function setDefaults(tree: MapTree, history: History): MapTree {
  const defaults = (map: Tree, values: Readonly<Record<string, string>>): Tree => withDefaults(map, values, history);
  const devices = (list: Tree): Tree =>
    mapChildren(list, (device) =>
      device.kind === "map" && !device.entries.has("device_ids") ? defaults(device, { count: "all" }) : device,
    );
  const rules: Readonly<Record<string, (value: Tree) => Tree>> = {
    build: (build) => defaults(build, { context: "." }),
    ports: (ports) => mapChildren(ports, (port) => defaults(port, { protocol: "tcp", mode: "ingress" })),
    secrets: (secrets) =>
      mapChildren(secrets, (secret) => defaults(secret, { target: `/run/secrets/${textAt(secret, "source")}` })),
    gpus: devices,
    deploy: (deploy) => within(deploy, ["resources", "reservations", "devices"], devices),
  };
  return mapEntries(tree, (section, name) => {
    if (name !== "services") return section;
    return mapChildren(section, (service) =>
      mapChildren(service, (value, key) => (Object.hasOwn(rules, key) ? (rules[key]?.(value) ?? value) : value)),
    );
  });
}

function withDefaults(tree: Tree, values: Readonly<Record<string, string>>, history: History): Tree {
  if (tree.kind !== "map") return tree;
  let map = tree;
  for (const [key, text] of Object.entries(values)) {
    if (map.entries.has(key)) continue;
    map = withEntry(map, key, { key: tree.at, value: asDefault(history, treeAt(tree.at, text)) });
  }
  return map;
}

function within(tree: Tree, [key, ...rest]: readonly string[], change: (value: Tree) => Tree): Tree {
  if (key === undefined) return change(tree);
  if (tree.kind !== "map") return tree;
  return mapEntries(tree, (value, name) => (name === key ? within(value, rest, change) : value));
}

function textAt(tree: Tree, key: string): string {
  const value = tree.kind === "map" ? tree.entries.get(key)?.value : undefined;
  return value?.kind === "scalar" ? String(value.value) : "";
}
