import type { Report } from "../model/diagnostic.ts";
import type { StringMap } from "../model/project.ts";
import { nearest } from "../model/suggest.ts";
import { errorAt, grammarError, spanWithin, warningAt } from "./blame.ts";
import { castScalar } from "./cast.ts";
import { fieldBelow, fields, ruleOf, type Field } from "./fields.ts";
import { parseTemplate, type Variable } from "./syntax/interpolation.ts";
import { substitute, type MissingVariable } from "./syntax/substitute.ts";
import type { ScalarTree, Tree } from "./tree.ts";
import type { VariablePlaces } from "./variables.ts";
import { mapChildren } from "./walk.ts";

export interface InterpolationContext {
  readonly environment: StringMap;
  readonly variables: VariablePlaces;
  readonly report: Report;
}

interface Walk extends InterpolationContext {
  readonly path: (string | number)[];
  /** A value that several aliases repeat is read once, so that nothing about it is said twice. */
  readonly texts: Map<ScalarTree, ScalarTree>;
}

/** Puts variables in everywhere but in keys; text where a number or a boolean belongs then becomes one. */
export function interpolateTree(tree: Tree, context: InterpolationContext): Tree {
  return interpolate(tree, fields, { ...context, path: [], texts: new Map() });
}

function interpolate(tree: Tree, field: Field | undefined, walk: Walk): Tree {
  if (tree.kind === "scalar") {
    if (typeof tree.value !== "string") return tree;
    const scalar = tree.value.includes("$") ? replaceVariables(tree, tree.value, walk) : tree;
    const { cast } = ruleOf(field);
    return cast === undefined ? scalar : castScalar(scalar, cast, walk);
  }
  return mapChildren(tree, (value, key) => {
    walk.path.push(key);
    const replaced = interpolate(value, fieldBelow(field, key), walk);
    walk.path.pop();
    return replaced;
  });
}

function replaceVariables(scalar: ScalarTree, text: string, walk: Walk): ScalarTree {
  const known = walk.texts.get(scalar);
  if (known !== undefined) return known;
  const template = parseTemplate(text);
  const { path, report } = walk;
  if (!template.ok) {
    report(grammarError(scalar, template, { code: "invalid-interpolation", path }));
    return scalar;
  }
  const { value, unset, missing } = substitute(template.value, (name) => walk.environment.get(name));
  for (const each of firstOfEach(unset, (variable) => variable.name)) reportUnset(scalar, each, walk);
  for (const each of firstOfEach(missing, ({ variable }) => variable.name)) reportMissing(scalar, each, walk);
  const replaced: ScalarTree = { ...scalar, value, template: text };
  walk.texts.set(scalar, replaced);
  return replaced;
}

/** Of one value, the first mention of each variable, and not of hundreds of them. */
function firstOfEach<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(nameOf(item))) first.set(nameOf(item), item);
  return [...first.values()].slice(0, 20);
}

function reportUnset(scalar: ScalarTree, variable: Variable, { path, report, variables }: Walk): void {
  const { name } = variable;
  const similar = nearest(name, variables.keys());
  const hint =
    similar === undefined
      ? `set it in the environment or in .env, give it a default with \${${name}:-…}, or write $$ for a literal "$"`
      : `did you mean "${similar}"?`;
  const at = spanWithin(scalar, variable);
  report(
    warningAt(`variable "${name}" is not set; nothing takes its place`, { code: "unset-variable", at, path, hint }),
  );
}

function reportMissing(scalar: ScalarTree, missing: MissingVariable, { path, report }: Walk): void {
  const { variable, message } = missing;
  const about = message === "" ? "" : `: ${message}`;
  const at = spanWithin(scalar, variable);
  const hint = `set ${variable.name} in the environment or in .env`;
  report(
    errorAt(`required variable "${variable.name}" is missing a value${about}`, {
      code: "missing-variable",
      at,
      path,
      hint,
    }),
  );
}
