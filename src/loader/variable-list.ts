import { compareCodePoints } from "../model/document.ts";
import { parseTemplate } from "./syntax/interpolation.ts";
import { listVariables, type VariableUse } from "./syntax/substitute.ts";
import type { Tree } from "./tree.ts";

/** Every variable that a document asks for, by name; of a variable that is used twice the uses are put together. */
export function variableList(tree: Tree): readonly VariableUse[] {
  const found = new Map<string, VariableUse>();
  for (const use of usesIn(tree)) found.set(use.name, combine(found.get(use.name), use));
  return [...found.values()].sort((left, right) => compareCodePoints(left.name, right.name));
}

function* usesIn(tree: Tree): Generator<VariableUse> {
  if (tree.kind === "scalar") {
    if (typeof tree.value !== "string" || !tree.value.includes("$")) return;
    const template = parseTemplate(tree.value);
    if (template.ok) yield* listVariables(template.value);
  } else if (tree.kind === "list") {
    for (const item of tree.items) yield* usesIn(item);
  } else {
    for (const entry of tree.entries.values()) yield* usesIn(entry.value);
  }
}

function combine(first: VariableUse | undefined, second: VariableUse): VariableUse {
  if (first === undefined) return second;
  return { ...second, ...first, required: first.required || second.required };
}
