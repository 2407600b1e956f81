import type { Report, Source, Span } from "../../model/diagnostic.ts";
import type { Anchors } from "./anchors.ts";

/** Where the quick reader is. */
export interface Scan {
  readonly source: Source;
  readonly text: string;
  /** The next character. */
  at: number;
  /** Of the next character, when it is the first of its line; -1 at the end of the text. */
  column: number;
  /** Where the last value ended. */
  end: number;
  depth: number;
  readonly anchors: Anchors;
  /** Mistakes are for another reader to explain. */
  readonly report: Report;
}

/** Something that the quick reader leaves to the thorough one. */
export class Unusual extends Error {
  override readonly name: string = "Unusual";
}

export function unusual(): never {
  throw new Unusual();
}

export function spanFrom({ source }: Scan, start: number, end: number): Span {
  return { source, start, end };
}

export function skipBlanks(scan: Scan): void {
  while (scan.text[scan.at] === " ") scan.at++;
}

/** Whether nothing but a comment is left of the line; only blanks may have been before. */
export function isLineEnd({ text, at }: Scan): boolean {
  const next = text[at];
  return next === undefined || next === "\n" || (next === "#" && text[at - 1] === " ");
}

/** To the next line that says something. */
export function endLine(scan: Scan): void {
  skipBlanks(scan);
  if (!isLineEnd(scan)) unusual();
  const end = scan.text.indexOf("\n", scan.at);
  scan.at = end === -1 ? scan.text.length : end + 1;
  skipLines(scan);
}

/** From the start of a line to the first one that is neither blank nor a comment. */
export function skipLines(scan: Scan): void {
  const { text } = scan;
  for (;;) {
    const start = scan.at;
    skipBlanks(scan);
    const next = text[scan.at];
    if (next === undefined) {
      scan.column = -1;
      return;
    }
    if (next !== "\n" && next !== "#") {
      scan.column = scan.at - start;
      if (scan.column === 0 && /^(---|\.\.\.|%)/.test(text.slice(scan.at, scan.at + 3))) unusual();
      return;
    }
    const end = text.indexOf("\n", scan.at);
    scan.at = end === -1 ? text.length : end + 1;
  }
}

/** Whether a list item starts here. */
export function isItem({ text, at }: Scan): boolean {
  return text[at] === "-" && (text[at + 1] === " " || text[at + 1] === "\n" || at + 1 === text.length);
}
