import { UsageError } from "../../model/error.ts";

/** How many operands Go's functions take; with more or fewer a template is a mistake, not an empty text. */
const counts: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ["json", [1, 1]],
  ["join", [2, 2]],
  ["split", [2, 2]],
  ["lower", [1, 1]],
  ["upper", [1, 1]],
  ["title", [1, 1]],
  ["pad", [3, 3]],
  ["padlen", [2, 2]],
  ["truncate", [2, 2]],
  ["printf", [1, Infinity]],
  ["len", [1, 1]],
  ["index", [1, Infinity]],
  ["slice", [1, 4]],
  ["eq", [2, Infinity]],
  ["ne", [2, 2]],
  ["lt", [2, 2]],
  ["le", [2, 2]],
  ["gt", [2, 2]],
  ["ge", [2, 2]],
  ["and", [1, Infinity]],
  ["or", [1, Infinity]],
  ["not", [1, 1]],
  ["contains", [2, 2]],
  ["Label", [1, 1]],
]);

export function checkCount(name: string, given: number): void {
  const [least, most] = counts.get(name) ?? [0, Infinity];
  if (given >= least && given <= most) return;
  const wanted = least === most ? `${least}` : `at least ${least}`;
  throw new UsageError(`template: wrong number of arguments for ${name}: ${wanted}, not ${given}`);
}

/** Go compares what is of one kind only: `eq .ExitCode "0"` would never be true. */
export function checkComparable(one: unknown, other: unknown): void {
  const [left, right] = [kindOf(one), kindOf(other)];
  if (left === right || left === "nothing" || right === "nothing") return;
  throw new UsageError(`template: a ${left} cannot be compared with a ${right}`);
}

function kindOf(value: unknown): "text" | "number" | "boolean" | "list" | "nothing" {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "list";
}
