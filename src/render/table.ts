import { printableLine } from "../model/printable.ts";

export interface TableOptions {
  /** The least width of a column, its gap included. */
  readonly minWidth: number;
  readonly gap: number;
}

/** Columns in line, as Go's tabwriter sets them: each as wide as its widest cell plus the gap, the last one open. */
export function formatTable(texts: readonly (readonly string[])[], { minWidth, gap }: TableOptions): string {
  const rows = texts.map((cells) => cells.map(printableLine));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? minWidth, width(cell) + gap);
    }
  }
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : pad(cell, widths[column] ?? 0))).join(""),
  );
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function pad(cell: string, to: number): string {
  return cell + " ".repeat(Math.max(0, to - width(cell)));
}

/** Code points, as Go counts: a cell with "…" is no wider than it looks. */
function width(cell: string): number {
  let count = 0;
  for (const _ of cell) count += 1;
  return count;
}
