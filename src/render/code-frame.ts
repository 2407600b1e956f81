import type { Span } from "../model/diagnostic.ts";
import { positionOf } from "../model/position.ts";
import type { Paint } from "./colour.ts";

export interface FrameOptions {
  /** How many lines to show in front of the one that is meant. */
  readonly before: number;
  readonly mark: Paint;
  readonly dim: Paint;
}

/** Columns that a frame's text may take; what is longer is cut around the place that is meant. */
const widest = 100;

/** The line of the span with the span underlined; of a span of several lines the first. */
export function codeFrame({ source, start, end }: Span, { before, mark, dim }: FrameOptions): readonly string[] {
  const { text } = source;
  const at = lineAround(text, start);
  const number = positionOf(source, start).line;
  const gutter = String(number).length + 2;
  const bar = dim("│");
  const frame: string[] = [];
  for (let back = before; back > 0; back--) {
    const earlier = lineBefore(text, at.start, back);
    // A blank line in front explains nothing.
    if (earlier === undefined || earlier.trim() === "") continue;
    const shown = clip(draw(earlier), 0).cells.join("");
    frame.push(`  ${dim(String(number - back).padStart(gutter))} ${bar} ${shown}`.trimEnd());
  }
  const line = text.slice(at.start, at.end);
  const from = start - at.start;
  const to = Math.max(from + 1, Math.min(end, at.end) - at.start);
  const cells = draw(line);
  const first = cellAt(cells, from);
  const { cells: visible, dropped, lead } = clip(cells, first);
  const last = Math.max(first + 1, Math.min(cellAt(cells, to), dropped + visible.length - lead));
  const column = lead + widthOf(cells.slice(dropped, first));
  const width = Math.max(1, Math.min(widthOf(cells.slice(first, last)), widest));
  frame.push(`  ${dim(String(number).padStart(gutter))} ${bar} ${visible.join("")}`.trimEnd());
  frame.push(`  ${" ".repeat(gutter)} ${bar} ${" ".repeat(column)}${mark("^".repeat(width))}`);
  return frame;
}

function lineAround(text: string, offset: number): { readonly start: number; readonly end: number } {
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", start);
  const end = next === -1 ? text.length : next;
  return { start, end: end > start && text[end - 1] === "\r" ? end - 1 : end };
}

function lineBefore(text: string, start: number, back: number): string | undefined {
  let offset = start;
  for (let step = 0; step < back; step++) {
    if (offset === 0) return undefined;
    offset = text.lastIndexOf("\n", offset - 2) + 1;
  }
  const { end } = lineAround(text, offset);
  return text.slice(offset, end);
}

/** One drawn character for each UTF-16 unit of the line; the second half of a pair draws nothing. */
function draw(line: string): readonly string[] {
  const cells: string[] = [];
  for (const char of line) {
    cells.push(visible(char));
    if (char.length === 2) cells.push("");
  }
  return cells;
}

function visible(char: string): string {
  if (char === "\t") return "    ";
  const code = char.codePointAt(0) ?? 0;
  // Control characters could rewrite the terminal; each has a picture of its own.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u.test(char) ? "·" : char;
}

interface Clipped {
  readonly cells: readonly string[];
  /** How many cells are missing in front. */
  readonly dropped: number;
  /** Columns of the mark that stands for them. */
  readonly lead: number;
}

function clip(cells: readonly string[], focus: number): Clipped {
  if (cells.length <= widest) return { cells, dropped: 0, lead: 0 };
  const dropped = Math.max(0, Math.min(focus - 30, cells.length - widest));
  const part = cells.slice(dropped, dropped + widest);
  const more = dropped + widest < cells.length;
  return {
    cells: [...(dropped > 0 ? ["…"] : []), ...part, ...(more ? ["…"] : [])],
    dropped,
    lead: dropped > 0 ? 1 : 0,
  };
}

function cellAt(cells: readonly string[], offset: number): number {
  return Math.min(offset, cells.length);
}

function widthOf(cells: readonly string[]): number {
  let width = 0;
  for (const cell of cells) width += cell.length > 2 ? cell.length : columnsOf(cell);
  return width;
}

/** Columns that a terminal gives to a character. */
function columnsOf(char: string): number {
  if (char === "" || /^\p{Mn}|^\p{Me}/u.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}

const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u;
