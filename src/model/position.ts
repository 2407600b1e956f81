import type { Source } from "./diagnostic.ts";

/** A place as an editor shows it; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionOf(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** Found once for each file, however many places in it are asked for. */
const known = new WeakMap<Source, readonly number[]>();

function lineStarts(source: Source): readonly number[] {
  const found = known.get(source);
  if (found !== undefined) return found;
  const starts = [0];
  for (let next = source.text.indexOf("\n"); next !== -1; next = source.text.indexOf("\n", next + 1))
    starts.push(next + 1);
  known.set(source, starts);
  return starts;
}
