import type { Report } from "../model/diagnostic.ts";
import { grammarError, warningAt } from "./blame.ts";
import type { FieldRule } from "./fields.ts";
import { parseBoolean } from "./syntax/boolean.ts";
import { parseCpus } from "./syntax/cpus.ts";
import { parseInteger } from "./syntax/integer.ts";
import type { Parsed } from "./syntax/parsed.ts";
import type { ScalarTree, TreePath } from "./tree.ts";
import { variableNotes, type VariablePlaces } from "./variables.ts";

export interface CastContext {
  readonly path: TreePath;
  readonly variables: VariablePlaces;
  readonly report: Report;
}

/** Text that stands where a number or a boolean belongs, which is all that a variable can bring. */
export function castScalar(scalar: ScalarTree, kind: NonNullable<FieldRule["cast"]>, context: CastContext): ScalarTree {
  if (typeof scalar.value !== "string") return scalar;
  const result = parseAs(kind, scalar, context);
  if (result.ok) return { ...scalar, value: result.value, written: scalar.value };
  const { path, report, variables } = context;
  const notes = variableNotes(scalar, variables);
  report(grammarError(scalar, result, { code: "wrong-type", path, notes }));
  return scalar;
}

function parseAs(
  kind: NonNullable<FieldRule["cast"]>,
  scalar: ScalarTree,
  context: CastContext,
): Parsed<number | boolean> {
  const text = String(scalar.value);
  switch (kind) {
    case "integer":
      return parseInteger(text);
    case "number":
      return parseCpus(text);
    case "boolean": {
      const result = parseBoolean(text);
      if (!result.ok) return result;
      if (result.value.legacy) warnLegacy(scalar, result.value.value, context);
      return { ok: true, value: result.value.value };
    }
  }
}

function warnLegacy(scalar: ScalarTree, value: boolean, { path, report }: CastContext): void {
  const message = `"${String(scalar.value)}" is a boolean in old YAML only, and is read as ${value} here`;
  report(warningAt(message, { code: "legacy-boolean", at: scalar.at, path, hint: `write ${value}` }));
}
