import type { StringMap } from "../model/project.ts";
import type { MapTree, ScalarTree, Tree } from "./tree.ts";
import { mapChildren, mapEntries } from "./walk.ts";

/**
 * Variables that are only named: `environment: [KEY]` of a service, `environment: KEY` of a secret or a config. An
 * included file sees them with the env files of its own, so this cannot wait until everything is merged.
 */
export function resolveBareVariables(tree: MapTree, environment: StringMap): MapTree {
  return mapEntries(tree, (section, name) => {
    if (name === "services") return mapChildren(section, (service) => resolveService(service, environment));
    if (name !== "secrets" && name !== "configs") return section;
    return mapChildren(section, (object) => captureValue(object, environment));
  });
}

/** The map form is resolved at the very end, with the environment of the project. */
function resolveService(service: Tree, environment: StringMap): Tree {
  return mapChildren(service, (list, key) => {
    if (key !== "environment" || list.kind !== "list") return list;
    return mapChildren(list, (item) => (item.kind === "scalar" ? resolveItem(item, environment) : item));
  });
}

function resolveItem(item: ScalarTree, environment: StringMap): ScalarTree {
  if (typeof item.value !== "string" || item.value.includes("=")) return item;
  const value = environment.get(item.value);
  if (value === undefined) return item;
  return { ...item, value: `${item.value}=${value}`, template: `\${${item.value}}` };
}

function captureValue(object: Tree, environment: StringMap): Tree {
  return mapChildren(object, (name, key) => {
    if (key !== "environment" || name.kind !== "scalar" || name.captured !== undefined) return name;
    const captured = environment.get(String(name.value));
    return captured === undefined ? name : { ...name, captured };
  });
}
