import path from "node:path";

import type { Origin } from "../model/project.ts";
import type { Contribution, ExplainedPart, ExplainedVariable, Explanation } from "./explain.ts";

/** What a person reads: each value, and under it where it comes from; what was replaced stands before what counts. */
export function formatExplanation({ path: asked, parts }: Explanation, cwd: string): string {
  if (parts.length === 0) return `${asked} is empty\n`;
  return parts.map((part) => formatPart(part, cwd)).join("");
}

function formatPart({ path: name, value, from }: ExplainedPart, cwd: string): string {
  const places = from.map(({ kind, at }) => (at === undefined ? (elsewhere[kind] ?? "") : placeOf(at, cwd)));
  const width = Math.max(...places.map((place) => place.length));
  const lines = from.map((each, index) => {
    const isReplaced = index < from.length - 1;
    return `  ${(places[index] ?? "").padEnd(width)}  ${describe(each, isReplaced)}\n${each.variables.map((variable) => describeVariable(variable, cwd)).join("")}`;
  });
  return `${name}: ${value}\n${lines.join("")}`;
}

const elsewhere: Readonly<Partial<Record<Contribution["kind"], string>>> = {
  flag: "--project-name",
  environment: "COMPOSE_PROJECT_NAME",
  folder: "the name of the folder",
};

function describe({ kind, text }: Contribution, isReplaced: boolean): string {
  const what = kind === "default" ? `default: ${text}` : text;
  return isReplaced ? `${what}  (replaced)` : what;
}

function describeVariable({ name, value, at }: ExplainedVariable, cwd: string): string {
  if (value === undefined) return `    ${name} is not set\n`;
  return `    ${name}=${value}  ${at === undefined ? "(environment)" : placeOf(at, cwd)}\n`;
}

function placeOf({ file, line, column }: Origin, cwd: string): string {
  const relative = path.relative(cwd, file);
  const name = !path.isAbsolute(file) || relative.startsWith("..") ? file : relative;
  return `${name}:${line}:${column}`;
}
