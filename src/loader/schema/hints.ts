import { nearest } from "../../model/suggest.ts";
import { child, type ListTree, type MapTree, type ScalarTree, type Tree } from "../tree.ts";
import { dedentedHint, indentedHint } from "./indentation.ts";
import type { SchemaNode, TypeName } from "./node.ts";
import { pathOf, type Place } from "./place.ts";
import { placesOf, type KnownPlace } from "./places.ts";

/** What to do about a value of the wrong type. */
export function typeHint(place: Place): string | undefined {
  const { tree, node, part, parent } = place;
  const { types } = node;
  const dedented = dedentedHint(place);
  if (dedented !== undefined) return dedented;
  switch (tree.kind) {
    case "scalar":
      return scalarHint(tree, { types, part });
    case "list":
      return types.includes("object") ? mappingHint(tree, node) : undefined;
    case "map":
      // A map where a list of mappings is wanted, or `- A: b` where `- A=b` is.
      if (types.includes("array") && takesMappings(node)) return 'if it is one item of the list, write "-" before it';
      return typeof part === "number" && parent && parent.node.types.includes("object") ? pairHint(tree) : undefined;
  }
}

interface Wanted {
  readonly types: readonly TypeName[];
  readonly part: Place["part"];
}

function scalarHint(scalar: ScalarTree, { types, part }: Wanted): string | undefined {
  const written = shorten(scalar.written ?? String(scalar.value));
  if (types.includes("array") && !types.includes("string")) {
    const [first = "", ...more] = scalar.at.source.text.slice(scalar.at.start, scalar.at.end).split("\n");
    return more.length === 0
      ? `write it as an item of a list: "- ${written}"`
      : `write each line as an item of a list: "- ${shorten(first.trim())}"`;
  }
  if (!types.includes("string") || types.some((type) => otherScalars.includes(type))) return undefined;
  const isDuration = typeof scalar.value === "number" && durations.has(String(part));
  return isDuration ? `write it with a unit: "${written}s"` : `put it in quotes: "${written}"`;
}

const otherScalars: readonly TypeName[] = ["boolean", "integer", "number"];
const durations: ReadonlySet<string> = new Set([
  "delay",
  "interval",
  "monitor",
  "start_interval",
  "start_period",
  "stop_grace_period",
  "timeout",
  "window",
]);

function takesMappings(node: SchemaNode): boolean {
  return node.items !== undefined && node.items.types.includes("object");
}

/** A list where names have values: `- web:` where `web:` is wanted. */
function mappingHint({ items }: ListTree, { named }: SchemaNode): string | undefined {
  const first = items[0];
  if (first?.kind === "map") return 'make it a mapping by removing each "-"';
  if (first?.kind !== "scalar" || typeof first.value !== "string" || named === undefined) return undefined;
  return `make it a mapping: "${shorten(first.value)}:" instead of "- ${shorten(first.value)}"`;
}

function pairHint(map: MapTree): string | undefined {
  if (map.entries.size !== 1) return undefined;
  for (const [key, { value }] of map.entries) {
    if (value.kind !== "scalar") return undefined;
    const text = value.value === null ? "" : (value.written ?? String(value.value));
    return `write it as "- ${key}=${text}", or make the list a mapping by removing the "-"`;
  }
  return undefined;
}

/** What may have been meant with an unknown key: another one, another place, or a service. */
export function keyHint(place: Place, key: string, value: Tree): string | undefined {
  const meant = nearest(key, place.node.keys.keys());
  const known = closest(placesOf(key), place);
  // A key that exists elsewhere is rather there than here, but "volume" in a service is "volumes".
  const isPlural = meant === `${key}s` || `${meant}s` === key;
  if (meant !== undefined && (known === undefined || isPlural)) return `did you mean "${meant}"?`;
  if (looksLikeService(value)) return serviceHint(place, key);
  const indented = indentedHint(place);
  if (indented !== undefined) return indented;
  if (known === undefined) return undefined;
  return known.length === 0 ? `"${key}" belongs at the top level` : `"${key}" belongs under ${showPlace(known, place)}`;
}

function looksLikeService(value: Tree): boolean {
  return child(value, "image") !== undefined || child(value, "build") !== undefined;
}

function serviceHint(place: Place, key: string): string {
  return place.parent === undefined
    ? `if "${key}" is a service, it belongs under "services"`
    : `if "${key}" is a service, it is indented too far`;
}

/** Of all places that know the key, the one that has most in common with where it was written. */
function closest(places: readonly KnownPlace[], here: Place): KnownPlace | undefined {
  const path = pathOf(here);
  const score = (place: KnownPlace): number => shared(place, path) * 100 - place.length;
  return places.toSorted((left, right) => score(right) - score(left))[0];
}

/** How many parts from the top are the same. */
function shared(place: KnownPlace, path: readonly (string | number)[]): number {
  const differs = place.findIndex((part, index) => path[index] !== part && !(part === "*" || part === "[]"));
  const length = differs === -1 ? place.length : differs;
  return Math.min(length, path.length);
}

/** With the names of here as far as they go: "services.web.build", else "services.NAME". */
function showPlace(place: KnownPlace, here: Place): string {
  const path = pathOf(here);
  const same = shared(place, path);
  let text = "";
  for (const [index, part] of place.entries()) {
    const word = part === "*" && index < same ? String(path[index]) : part === "*" ? "NAME" : part;
    text += word === "[]" ? "[]" : `${text === "" ? "" : "."}${word}`;
  }
  return text;
}

/** A text of many lines, or a long one, as it fits into a sentence. */
export function shorten(text: string): string {
  const line = text.split("\n", 1).join("");
  return line.length > 40 || line !== text ? `${line.slice(0, 39)}…` : line;
}
