import type { ScalarTree } from "../tree.ts";
import { skipLines, spanFrom, unusual, type Scan } from "./quick-scan.ts";
import { plainScalar, quotedScalar } from "./scalar.ts";

/** To the end of the line, or to a comment. */
export function readPlain(scan: Scan): ScalarTree {
  const { text, at } = scan;
  const newline = text.indexOf("\n", at);
  const line = text.slice(at, newline === -1 ? text.length : newline);
  const comment = line.indexOf(" #");
  const plain = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
  const end = at + plain.length;
  // Indicators, and what only looks like a mapping.
  if (/^[,[\]{}#&*!|>'"%@`]|^[-?:]( |$)|: |:$/.test(plain)) return unusual();
  scan.at = end;
  scan.end = end;
  return plainScalar(plain, spanFrom(scan, at, end));
}

const single = /'((?:[^'\n]|'')*)'/y;
const double = /"([^"\\\n]*)"/y;

/** In quotes, on one line; in double quotes without escapes. */
export function readQuoted(scan: Scan): ScalarTree {
  const { text, at } = scan;
  const pattern = text[at] === "'" ? single : double;
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return unusual();
  scan.at = at + match[0].length;
  scan.end = scan.at;
  const inner = match[1] ?? "";
  return quotedScalar(text[at] === "'" ? inner.replaceAll("''", "'") : inner, spanFrom(scan, at, scan.at));
}

/** `|` and `|-`: lines as they are, from the next line on; what follows stands further left. */
export function readLiteral(scan: Scan, parent: number): ScalarTree {
  const { text, at } = scan;
  const header = /\|(-?)\n/y;
  header.lastIndex = at;
  const match = header.exec(text);
  if (match === null) return unusual();
  scan.at = at + match[0].length;
  const indent = /^ */.exec(text.slice(scan.at, scan.at + 200))?.[0].length ?? 0;
  if (indent <= parent || text[scan.at + indent] === "\n") return unusual();
  const lines: string[] = [];
  let end = scan.at;
  while (scan.at < text.length) {
    const newline = text.indexOf("\n", scan.at);
    const next = newline === -1 ? text.length : newline + 1;
    const line = text.slice(scan.at, newline === -1 ? text.length : newline);
    const isBlank = /^ *$/.test(line);
    if (!isBlank && !line.startsWith(" ".repeat(indent))) break;
    lines.push(line.slice(indent));
    scan.at = next;
    if (!isBlank) end = next;
    // Blanks alone on a line are content if they reach beyond the indent.
    else if (line.length > indent) return unusual();
  }
  while (lines.at(-1) === "") lines.pop();
  scan.end = end;
  skipLines(scan);
  if (scan.column > parent) return unusual();
  const value = lines.join("\n") + (match[1] === "-" || text[end - 1] !== "\n" ? "" : "\n");
  return quotedScalar(value, spanFrom(scan, at, end));
}
