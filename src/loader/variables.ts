import type { DiagnosticNote, Span } from "../model/diagnostic.ts";
import { parseTemplate } from "./syntax/interpolation.ts";
import { listVariables } from "./syntax/substitute.ts";
import type { Tree } from "./tree.ts";

/** Where the variables of env files are written. */
export type VariablePlaces = ReadonlyMap<string, Span>;

/** The variables that a value was made of, as far as a file says what they are. */
export function variableNotes(tree: Tree, places: VariablePlaces): readonly DiagnosticNote[] {
  return variablesIn(tree).flatMap((name) => {
    const at = places.get(name);
    return at === undefined ? [] : [{ message: `the value of ${name} comes from here`, at }];
  });
}

/** Each variable of a value, once. */
export function variablesIn(tree: Tree): readonly string[] {
  if (tree.kind !== "scalar" || tree.template === undefined) return [];
  const template = parseTemplate(tree.template);
  return template.ok ? [...new Set(listVariables(template.value).map(({ name }) => name))] : [];
}
