import type { Report } from "../model/diagnostic.ts";
import { errorAt } from "./blame.ts";
import { fieldBelow, fields, ruleOf, type Field, type FieldRule } from "./fields.ts";
import { recordReplacement, type History } from "./history.ts";
import { parseDevice } from "./syntax/device.ts";
import { splitKeyValue } from "./syntax/key-value.ts";
import { parseVolumeMount } from "./syntax/volume-mount.ts";
import type { ListTree, MapTree, Tree, TreePath } from "./tree.ts";
import { mapChildren } from "./walk.ts";

export interface UniqueContext {
  readonly history: History;
  readonly report: Report;
}

interface Walk extends UniqueContext {
  readonly path: (string | number)[];
}

/** Where items of a list mean the same thing, the later one takes the earlier one's place. */
export function enforceUnique(tree: MapTree, context: UniqueContext): MapTree {
  const unique = enforce(tree, fields, { ...context, path: [] });
  return unique.kind === "map" ? unique : tree;
}

function enforce(tree: Tree, field: Field | undefined, walk: Walk): Tree {
  if (field === undefined || tree.kind === "scalar") return tree;
  if (tree.kind === "list") {
    const { unique } = ruleOf(field);
    return unique === undefined ? tree : uniqueItems(tree, keys[unique], walk);
  }
  return mapChildren(tree, (value, key) => {
    walk.path.push(key);
    const unique = enforce(value, fieldBelow(field, key), walk);
    walk.path.pop();
    return unique;
  });
}

function uniqueItems(list: ListTree, keyOf: KeyOf, walk: Walk): ListTree {
  if (list.items.length === 0) return list;
  const places = new Map<string, number>();
  const items: Tree[] = [];
  for (const [index, item] of list.items.entries()) {
    const key = keyOf(item, { path: walk.path, index, report: walk.report });
    const place = key === undefined ? undefined : places.get(key);
    const earlier = place === undefined ? undefined : items[place];
    if (place !== undefined && earlier !== undefined) {
      recordReplacement(walk.history, item, earlier);
      items[place] = item;
    } else {
      if (key !== undefined) places.set(key, items.length);
      items.push(item);
    }
  }
  return items.length === list.items.length ? list : { ...list, items };
}

interface ItemPlace {
  readonly path: TreePath;
  readonly index: number;
  readonly report: Report;
}

/** What makes an item the same as another; absent: nothing can replace it. */
type KeyOf = (item: Tree, place: ItemPlace) => string | undefined;

const keys: Readonly<Record<NonNullable<FieldRule["unique"]>, KeyOf>> = {
  pair: (item) => (item.kind === "scalar" ? splitKeyValue(String(item.value)).key : undefined),
  text: textOf,
  path: (item) => textOf(item) ?? textAt(item, "path"),
  port: (item, place) => {
    if (item.kind !== "map") return textOf(item);
    const target = textAt(item, "target");
    if (target === undefined || target === "0") return missingTarget(item, place, "port");
    const host = textAt(item, "host_ip") ?? "0.0.0.0";
    return `${host}:${textAt(item, "published") ?? ""}:${target}/${textAt(item, "protocol") ?? "tcp"}`;
  },
  mount: (item, place) => {
    if (item.kind === "map") return textAt(item, "target") ?? missingTarget(item, place, "mount");
    const mount = parseVolumeMount(textOf(item) ?? "");
    return mount.ok ? mount.value.mount.target : undefined;
  },
  device: (item, place) => {
    if (item.kind === "map") return textAt(item, "target") ?? missingTarget(item, place, "mount");
    const device = parseDevice(textOf(item) ?? "");
    return device.ok ? device.value.target : undefined;
  },
  secret: (item) => fileTarget(item, "/run/secrets"),
  config: (item) => fileTarget(item, ""),
};

function fileTarget(item: Tree, folder: string): string | undefined {
  const text = textOf(item);
  if (text !== undefined) return `${folder}/${text}`;
  return item.kind === "map" ? (textAt(item, "target") ?? `${folder}/${textAt(item, "source")}`) : undefined;
}

function missingTarget(item: Tree, { path, index, report }: ItemPlace, kind: "port" | "mount"): undefined {
  const service = String(path[1]);
  const where = `${String(path[2])}[${index}]`;
  const hint =
    kind === "port" ? 'add "target", the port inside the container' : 'add "target", the path inside the container';
  report(
    errorAt(`service "${service}": ${where} is missing a ${kind === "port" ? "target port" : "mount target"}`, {
      code: "missing-target",
      at: item.at,
      path: [...path, index],
      hint,
    }),
  );
}

function textAt(item: Tree, key: string): string | undefined {
  const value = item.kind === "map" ? item.entries.get(key)?.value : undefined;
  return value && textOf(value);
}

function textOf(item: Tree): string | undefined {
  return item.kind === "scalar" && item.value !== null ? String(item.value) : undefined;
}
