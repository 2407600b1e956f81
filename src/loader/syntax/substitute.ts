import type { Template, Variable } from "./interpolation.ts";

export type Lookup = (name: string) => string | undefined;

export interface Substituted {
  readonly value: string;
  /** Variables without operator that were not set, once per occurrence; their value is "". */
  readonly unset: readonly Variable[];
  /** Variables with "?" that lacked a value. The value of the whole is then of no use. */
  readonly missing: readonly MissingVariable[];
}

export interface MissingVariable {
  readonly variable: Variable;
  /** What the file's author says about it; may be empty. */
  readonly message: string;
}

/**
 * Puts values in. A word is evaluated only when it is used, so that `${A:-${B:?}}` asks for B only without A
 * (docker compose 2.40 asks for it always, its successors do not).
 */
export function substitute(template: Template, lookup: Lookup): Substituted {
  const found: Found = { unset: [], missing: [] };
  return { value: evaluate(template, lookup, found), ...found };
}

/** One row of `config --variables`. */
export interface VariableUse {
  readonly name: string;
  readonly required: boolean;
  readonly default?: string;
  readonly alternate?: string;
}

/** Every variable in the order of the text, those in words after the one they belong to. */
export function listVariables(template: Template): readonly VariableUse[] {
  return template.flatMap((part) => (typeof part === "string" ? [] : [describe(part), ...listVariables(part.word)]));
}

interface Found {
  readonly unset: Variable[];
  readonly missing: MissingVariable[];
}

function evaluate(template: Template, lookup: Lookup, found: Found): string {
  let text = "";
  for (const part of template) text += typeof part === "string" ? part : valueOf(part, lookup, found);
  return text;
}

function valueOf(variable: Variable, lookup: Lookup, found: Found): string {
  const value = lookup(variable.name);
  const word = (): string => evaluate(variable.word, lookup, found);
  switch (variable.operator) {
    case "":
      if (value === undefined) found.unset.push(variable);
      return value ?? "";
    case "-":
      return value ?? word();
    case ":-":
      return value || word();
    case "+":
      return value === undefined ? "" : word();
    case ":+":
      return value ? word() : "";
    case "?":
      if (value === undefined) found.missing.push({ variable, message: word() });
      return value ?? "";
    case ":?":
      if (!value) found.missing.push({ variable, message: word() });
      return value ?? "";
  }
}

function describe({ name, operator, wordText }: Variable): VariableUse {
  switch (operator) {
    case "":
      return { name, required: false };
    case "-":
    case ":-":
      return { name, required: false, default: wordText };
    case "+":
    case ":+":
      return { name, required: false, alternate: wordText };
    case "?":
    case ":?":
      return { name, required: true };
  }
}
