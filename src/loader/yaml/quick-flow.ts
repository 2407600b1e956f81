import type { ListTree, MapTree, ScalarTree, Tree } from "../tree.ts";
import { findAnchored } from "./anchors.ts";
import { buildEntries, type Pair } from "./mapping.ts";
import { readQuoted } from "./quick-scalar.ts";
import { skipBlanks, spanFrom, unusual, type Scan } from "./quick-scan.ts";
import { plainScalar } from "./scalar.ts";

/** `[…]` or `{…}`; its further lines stand further right than `parent`, the mapping or list that it is in. */
export function readFlow(scan: Scan, parent: number): ListTree | MapTree {
  if (++scan.depth > 100) return unusual();
  scan.anchors.nodes++;
  const tree = scan.text[scan.at] === "[" ? readFlowList(scan, parent) : readFlowMap(scan, parent);
  scan.depth--;
  scan.end = scan.at;
  return tree;
}

function readFlowList(scan: Scan, parent: number): ListTree {
  const start = scan.at++;
  const items: Tree[] = [];
  skipSpace(scan, parent);
  while (scan.text[scan.at] !== "]") {
    items.push(readFlowValue(scan, parent));
    separate(scan, "]", parent);
  }
  scan.at++;
  return { kind: "list", at: spanFrom(scan, start, scan.at), items };
}

const key = /(?:([A-Za-z_][\w./$-]*)|"([^"\\\n]*)"|'([^'\n]*)'):(?=[ \n])/y;

function readFlowMap(scan: Scan, parent: number): MapTree {
  const start = scan.at++;
  const pairs: Pair[] = [];
  skipSpace(scan, parent);
  while (scan.text[scan.at] !== "}") {
    const from = scan.at;
    key.lastIndex = from;
    const match = key.exec(scan.text);
    if (match === null) return unusual();
    const [text, plain, double, single] = match;
    const at = spanFrom(scan, from, from + text.length - 1);
    if (plain !== undefined && typeof plainScalar(plain, at).value !== "string") return unusual();
    scan.at = from + text.length;
    skipSpace(scan, parent);
    pairs.push({ key: plain ?? double ?? single, at, merges: false, value: readFlowValue(scan, parent) });
    separate(scan, "}", parent);
  }
  scan.at++;
  return { kind: "map", at: spanFrom(scan, start, scan.at), entries: buildEntries(pairs, scan.report) };
}

function readFlowValue(scan: Scan, parent: number): Tree {
  switch (scan.text.charAt(scan.at)) {
    case "[":
    case "{":
      return readFlow(scan, parent);
    case "'":
    case '"':
      scan.anchors.nodes++;
      return readQuoted(scan);
    case "*":
      return readAlias(scan);
    default:
      scan.anchors.nodes++;
      return readFlowPlain(scan);
  }
}

const plain = /[\w./$~+@=-][^,[\]{}'"#&*!|>%`\n]*/y;

function readFlowPlain(scan: Scan): ScalarTree {
  const { text, at } = scan;
  plain.lastIndex = at;
  const found = plain.exec(text)?.[0].trimEnd();
  if (found === undefined || /^@|^-( |$)|: |:$/.test(found) || !/[,\]}\n ]/.test(text[at + found.length] ?? ""))
    return unusual();
  scan.at = at + found.length;
  return plainScalar(found, spanFrom(scan, at, scan.at));
}

const alias = /\*([\w-]+)(?=[ ,\]}\n]|$)/y;

export function readAlias(scan: Scan): Tree {
  alias.lastIndex = scan.at;
  const match = alias.exec(scan.text);
  if (match === null) return unusual();
  const [text, name = ""] = match;
  const at = spanFrom(scan, scan.at, scan.at + text.length);
  scan.at = at.end;
  scan.end = at.end;
  return findAnchored(scan.anchors, name, at, scan.report) ?? unusual();
}

/** After an item: a comma, or the end. */
function separate(scan: Scan, close: string, parent: number): void {
  skipSpace(scan, parent);
  if (scan.text[scan.at] === ",") {
    scan.at++;
    skipSpace(scan, parent);
  } else if (scan.text[scan.at] !== close) unusual();
}

/** Over blanks and to the next line, where a comment would be unusual. */
function skipSpace(scan: Scan, parent: number): void {
  skipBlanks(scan);
  while (scan.text[scan.at] === "\n") {
    const start = ++scan.at;
    skipBlanks(scan);
    const isBlank = scan.text[scan.at] === "\n";
    if (!isBlank && scan.at - start <= parent) unusual();
    if (!isBlank && parent < 0 && scan.at === start && /^(---|\.\.\.)/.test(scan.text.slice(start, start + 3)))
      unusual();
  }
}
