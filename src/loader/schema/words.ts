import type { Diagnostic } from "../../model/diagnostic.ts";
import { nearest } from "../../model/suggest.ts";
import { formatPath, type ScalarValue, type Tree } from "../tree.ts";
import { keyHint, shorten, typeHint } from "./hints.ts";
import { dedentedHint } from "./indentation.ts";
import type { TypeName } from "./node.ts";
import { pathOf, type Place } from "./place.ts";

export type Words = Pick<Diagnostic, "message" | "hint">;

/** "services.web.ports must be a list, not a mapping" */
export function describeWrongType(place: Place): Words {
  const { tree } = place;
  const subject = formatPath(pathOf(place)) || "a Compose file";
  const expected = nameTypes(place);
  if (tree.kind === "scalar" && tree.value === null)
    return { message: `${subject} is empty, but must be ${expected}`, hint: emptyHint(place) };
  const hint = typeHint(place);
  const message = `${subject} must be ${expected}, not ${nameValue(tree)}`;
  return { message, ...(hint !== undefined && { hint }) };
}

/** A text that is none of the values allowed here, or a number out of range. */
export function describeBadValue(place: Place, value: ScalarValue): Words {
  const subject = formatPath(pathOf(place));
  const { values, minimum, maximum } = place.node;
  if (typeof value !== "string") {
    const range = maximum === undefined ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
    return { message: `${subject} must be ${range}, not ${value}` };
  }
  if (values === undefined)
    return { message: `${subject} must ${rules.get(place.part) ?? "have another form"}, not "${value}"` };
  const meant = nearest(value, values);
  return {
    message: `${subject} must be ${joinWords(values.map((each) => `"${each}"`))}, not "${value}"`,
    ...(meant !== undefined && { hint: `did you mean "${meant}"?` }),
  };
}

/** 'unknown key "imagee" in services.web', or a name that is none. */
export function describeUnknownKey(place: Place, key: string, value: Tree): Words {
  const where = formatPath(pathOf(place));
  if (place.node.named !== undefined) return describeBadName(place, key);
  const hint = keyHint(place, key, value);
  const message = where === "" ? `unknown key "${key}" at the top level` : `unknown key "${key}" in ${where}`;
  return { message, ...(hint !== undefined && { hint }) };
}

function describeBadName(place: Place, key: string): Words {
  const where = formatPath(pathOf(place));
  if (key === "") return { message: `${where} has an entry without a name` };
  return {
    message: `"${key}" is not a valid name in ${where}`,
    hint: 'a name has letters, digits, "_", "." and "-", and no blanks',
  };
}

const typeNames: Readonly<Record<TypeName, string>> = {
  null: "empty",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  string: "a string",
  array: "a list",
  object: "a mapping",
};

function nameTypes({ node, tree }: Place): string {
  const types = node.types.filter((type) => type !== "null");
  if (types.includes("boolean") && types.includes("number")) return "a single value";
  // Variables give strings, so booleans and numbers may be written as such; nobody who wrote a number needs to be told.
  const isNumber = tree.kind === "scalar" && typeof tree.value === "number";
  const hidesString = types.includes("boolean") || (isNumber && types.includes("integer"));
  const told = types.filter((type) => type !== "string" || !hidesString);
  return joinWords(told.map((type) => typeNames[type]));
}

function nameValue(tree: Tree): string {
  if (tree.kind !== "scalar") return tree.kind === "list" ? "a list" : "a mapping";
  if (typeof tree.value === "string") return `the string "${shorten(tree.value)}"`;
  if (typeof tree.value === "boolean") return String(tree.value);
  return `the number ${tree.written ?? String(tree.value)}`;
}

function emptyHint(place: Place): string {
  const dedented = dedentedHint(place);
  if (dedented !== undefined) return dedented;
  return typeof place.part === "number" ? "give it a value, or remove the item" : "give it a value, or remove the key";
}

/** What a pattern asks for; the pattern itself helps nobody. */
const rules: ReadonlyMap<string | number | undefined, string> = new Map([
  ["container_name", 'have at least two letters, digits, "_", "." or "-" in a row'],
  [
    "pull_policy",
    'be "always", "never", "missing", "build", "daily", "weekly" or "every_" and a duration, as "every_12h"',
  ],
  ["gpus", 'be "all" or a list'],
]);

/** "a", "a or b", "a, b or c" */
export function joinWords(words: readonly string[]): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
