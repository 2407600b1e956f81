import { relative } from "node:path";

import type { Diagnostic, Span } from "../model/diagnostic.ts";
import { positionOf } from "../model/position.ts";
import { printable } from "../model/printable.ts";
import type { Origin } from "../model/project.ts";
import { codeFrame } from "./code-frame.ts";
import { palette, type Palette } from "./colour.ts";

export interface DiagnosticOptions {
  readonly colour: boolean;
  /** Where the person stands: files are named from here when that is shorter. */
  readonly cwd: string;
}

/** Mistakes as a person reads them: what, where, the line itself, what to do. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: DiagnosticOptions): string {
  const colours = palette(options.colour);
  const texts = diagnostics.map((each) => formatOne(each, colours, options.cwd));
  const errors = diagnostics.filter((each) => each.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const summary =
    errors + warnings < 2 || errors === 0
      ? []
      : [`${count(errors, "error")}${warnings > 0 ? `, ${count(warnings, "warning")}` : ""}\n`];
  return [...texts, ...summary].join("\n");
}

/** The same as data; places count from 1, and the end is the place behind the last character. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): readonly unknown[] {
  return diagnostics.map(({ severity, code, message, at, origin, path, notes, hint }) => ({
    severity,
    code,
    message,
    ...(path !== undefined && { path }),
    ...(at === undefined ? origin : placeToJson(at)),
    ...(hint !== undefined && { hint }),
    ...(notes !== undefined && {
      notes: notes.map((note) => ({ message: note.message, ...(note.at && placeToJson(note.at)) })),
    }),
  }));
}

function formatOne(diagnostic: Diagnostic, colours: Palette, cwd: string): string {
  const { severity, message, at, origin, path, notes = [], hint } = diagnostic;
  const paint = severity === "error" ? colours.red : colours.yellow;
  const lines = [`${colours.bold(paint(`${severity}:`))} ${colours.bold(printable(message))}`];
  if (at !== undefined) lines.push(...formatPlace(at, { colours, cwd, paint, path, before: 1 }));
  else if (origin !== undefined)
    lines.push(`  ${placeText(origin, cwd)}${path === undefined ? "" : `  ${colours.dim(printable(path))}`}`);
  else if (path !== undefined) lines.push(`  ${colours.dim(printable(path))}`);
  for (const note of notes) {
    lines.push(`  ${colours.cyan("note:")} ${printable(note.message)}`);
    if (note.at !== undefined) lines.push(...formatPlace(note.at, { colours, cwd, paint: colours.cyan, before: 0 }));
  }
  if (hint !== undefined) lines.push(`  ${colours.cyan("hint:")} ${printable(hint)}`);
  return `${lines.join("\n")}\n`;
}

interface PlaceOptions {
  readonly colours: Palette;
  readonly cwd: string;
  readonly paint: Palette["red"];
  readonly path?: string | undefined;
  /** How many lines to show in front. */
  readonly before: number;
}

function formatPlace(span: Span, { colours, cwd, paint, path, before }: PlaceOptions): readonly string[] {
  const { line, column } = positionOf(span.source, span.start);
  const where = path === undefined ? "" : `  ${colours.dim(printable(path))}`;
  const frame = codeFrame(span, { before, mark: paint, dim: colours.dim });
  return [`  ${placeText({ file: span.source.path, line, column }, cwd)}${where}`, ...frame];
}

/** "compose.yaml:3:5" */
export function placeText({ file, line, column }: Origin, cwd: string): string {
  return `${printable(fileName(file, cwd))}:${line}:${column}`;
}

function fileName(path: string, cwd: string): string {
  if (path === "-") return "<stdin>";
  if (!path.startsWith("/")) return path;
  const near = relative(cwd, path);
  return near !== "" && near.length < path.length ? near : path;
}

function placeToJson({ source, start, end }: Span): object {
  const from = positionOf(source, start);
  const to = positionOf(source, end);
  return { file: source.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
