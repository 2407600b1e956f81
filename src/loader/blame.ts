import type { Diagnostic, DiagnosticNote, Span } from "../model/diagnostic.ts";
import type { Unparsed } from "./syntax/parsed.ts";
import { formatPath, type ScalarTree, type Tree, type TreePath } from "./tree.ts";

export interface Blame {
  readonly code: string;
  readonly at?: Span | undefined;
  readonly path?: TreePath;
  readonly notes?: readonly DiagnosticNote[] | undefined;
  readonly hint?: string | undefined;
}

export function errorAt(message: string, blame: Blame): Diagnostic {
  return diagnosticAt("error", message, blame);
}

export function warningAt(message: string, blame: Blame): Diagnostic {
  return diagnosticAt("warning", message, blame);
}

/** The error of a scalar that one of the grammars refused, pointing at the very characters. */
export function grammarError(scalar: Tree, problem: Unparsed, blame: Blame): Diagnostic {
  const at = scalar.kind === "scalar" ? spanWithin(scalar, problem) : scalar.at;
  return errorAt(problem.message, { hint: problem.hint, at, ...blame });
}

interface Within {
  readonly offset?: number;
  readonly length?: number;
}

/**
 * The place of a part of a scalar's text. Quotes, escapes, folding and block scalars make the text differ from what is
 * written, so the part is looked for: its nth occurrence in the value is the nth in the source, or else all is blamed.
 */
export function spanWithin(scalar: ScalarTree, { offset, length }: Within, text?: string): Span {
  const { at } = scalar;
  const value = text ?? (typeof scalar.value === "string" ? scalar.value : undefined);
  if (offset === undefined || length === undefined || value === undefined) return at;
  const part = value.slice(offset, offset + length);
  // What is missing at the end is nowhere, and "" would be found everywhere.
  if (part === "") return at;
  const written = at.source.text.slice(at.start, at.end);
  let occurrence = -1;
  for (let found = value.indexOf(part); found !== -1 && found <= offset; found = value.indexOf(part, found + 1)) {
    occurrence = written.indexOf(part, occurrence + 1);
    if (occurrence === -1) return at;
  }
  const start = at.start + occurrence;
  return { source: at.source, start, end: start + part.length };
}

function diagnosticAt(severity: Diagnostic["severity"], message: string, blame: Blame): Diagnostic {
  const { code, at, path, notes, hint } = blame;
  return {
    code,
    severity,
    message,
    ...(at !== undefined && { at }),
    ...(path !== undefined && path.length > 0 && { path: formatPath(path) }),
    ...(notes !== undefined && notes.length > 0 && { notes }),
    ...(hint !== undefined && { hint }),
  };
}
