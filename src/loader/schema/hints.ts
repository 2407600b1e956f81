import { nearest } from "../../model/suggest.ts";
import { child, type ScalarTree, type Tree } from "../tree.ts";
import { typesOf } from "./node.ts";
import { pathOf, type Place } from "./place.ts";
import { placesOf, type KnownPlace } from "./places.ts";

/** What to do about a value of the wrong type. */
export function typeHint(place: Place): string | undefined {
  const { tree } = place;
  const types = typesOf(place.node);
  if (tree.kind === "scalar") {
    const written = shorten(tree.written ?? String(tree.value));
    if (types.includes("string") && !types.includes("boolean")) return `put it in quotes: "${written}"`;
    if (types.includes("array") && !types.includes("object")) return `write it as an item of a list: "- ${written}"`;
    return undefined;
  }
  const pair = tree.kind === "map" ? onlyPair(tree) : undefined;
  const parent = place.parent && typesOf(place.parent.node);
  if (pair !== undefined && parent?.includes("array") && parent.includes("object"))
    return `write it as "- ${pair.key}=${pair.value}", or make the list a mapping by removing the "-"`;
  return undefined;
}

/** The one entry of `- KEY: value`. */
function onlyPair(tree: Tree): { readonly key: string; readonly value: string } | undefined {
  if (tree.kind !== "map" || tree.entries.size !== 1) return undefined;
  for (const [key, { value }] of tree.entries) if (value.kind === "scalar") return { key, value: writtenText(value) };
  return undefined;
}

function writtenText(scalar: ScalarTree): string {
  return scalar.value === null ? "" : (scalar.written ?? String(scalar.value));
}

/** What may have been meant with an unknown key: another one, another place, or a service. */
export function keyHint(place: Place, key: string, value: Tree): string | undefined {
  const meant = nearest(key, Object.keys(place.node.properties ?? {}));
  if (meant !== undefined) return `did you mean "${meant}"?`;
  if (looksLikeService(value)) return serviceHint(place, key);
  const known = closest(placesOf(key), place);
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
