import type { Source, Span } from "../../model/diagnostic.ts";
import type { ListTree, MapTree, Tree } from "../tree.ts";
import { createAnchors, defineAnchor } from "./anchors.ts";
import { buildEntries, type Pair } from "./mapping.ts";
import { readAlias, readFlow } from "./quick-flow.ts";
import { readLiteral, readPlain, readQuoted } from "./quick-scalar.ts";
import {
  endLine,
  isItem,
  isLineEnd,
  skipBlanks,
  skipLines,
  spanFrom,
  unusual,
  Unusual,
  type Scan,
} from "./quick-scan.ts";
import type { YamlDocument } from "./read.ts";
import { nullScalar, plainScalar } from "./scalar.ts";

/**
 * Reads the YAML that nearly all Compose files are written in: in a tenth of the time, and without loading `yaml`. It
 * gives up on whatever is unusual and on every mistake, so that only one place explains those; what it does read is
 * exactly what `yaml` reads, places included.
 */
export function readQuickly(source: Source): readonly YamlDocument[] | undefined {
  const { text } = source;
  if (/[\t\r\u0085\u2028\u2029\uFEFF]/.test(text)) return undefined;
  const scan: Scan = { source, text, at: 0, column: -1, end: 0, depth: 0, anchors: createAnchors(), report: unusual };
  try {
    // A single document may say that it starts; then it is one, even if it is empty.
    const starts = text.startsWith("---\n");
    if (starts) scan.at = 4;
    skipLines(scan);
    if (scan.column === -1) return starts ? undefined : [];
    const root = readRoot(scan);
    return scan.column === -1 ? [{ root, cleared: [] }] : undefined;
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

function readRoot(scan: Scan): Tree {
  const first = scan.text[scan.at];
  if (first !== "{" && first !== "[") return readBlock(scan);
  const root = readFlow(scan, -1);
  endLine(scan);
  return root;
}

/** A mapping or a list that starts on the line where we are. */
function readBlock(scan: Scan): Tree {
  return isItem(scan) ? readList(scan, scan.column) : readMap(scan, scan.column);
}

const key = /(?:([A-Za-z_][\w./$-]*|<<)|"([^"\\\n]*)"|'([^'\n]*)'):(?=[ \n]|$)/y;

function readMap(scan: Scan, column: number): MapTree {
  if (++scan.depth > 100) return unusual();
  scan.anchors.nodes++;
  const start = scan.at;
  const pairs: Pair[] = [];
  do {
    const from = scan.at;
    key.lastIndex = from;
    const match = key.exec(scan.text);
    if (match === null) return unusual();
    const [text, plain, double, single] = match;
    const at = spanFrom(scan, from, from + text.length - 1);
    if (plain !== undefined && typeof plainScalar(plain, at).value !== "string") return unusual();
    scan.at = from + text.length;
    scan.end = at.end;
    const value = readValue(scan, column, { owner: at, ofMap: true });
    pairs.push({ key: plain ?? double ?? single, at, merges: plain === "<<", value });
  } while (scan.column === column && !isItem(scan));
  if (scan.column > column) return unusual();
  scan.depth--;
  return { kind: "map", at: spanFrom(scan, start, scan.end), entries: buildEntries(pairs, scan.report) };
}

function readList(scan: Scan, column: number): ListTree {
  if (++scan.depth > 100) return unusual();
  scan.anchors.nodes++;
  const start = scan.at;
  const items: Tree[] = [];
  do {
    const dash = scan.at++;
    skipBlanks(scan);
    // A mapping may start on the line of its dash.
    const inner = column + scan.at - dash;
    key.lastIndex = scan.at;
    items.push(
      key.test(scan.text) ? readMap(scan, inner) : readValue(scan, column, { owner: undefined, ofMap: false }),
    );
  } while (scan.column === column && isItem(scan));
  if (scan.column > column) return unusual();
  scan.depth--;
  return { kind: "list", at: spanFrom(scan, start, scan.end), items };
}

interface Owner {
  /** The key, which is blamed for an empty value. */
  readonly owner: Span | undefined;
  readonly ofMap: boolean;
}

const anchor = /&([\w-]+)(?=[ \n]|$)/y;

/** What stands after a colon or a dash, on its line or below. */
function readValue(scan: Scan, column: number, { owner, ofMap }: Owner): Tree {
  skipBlanks(scan);
  let define: ((tree: Tree) => void) | undefined;
  if (scan.text[scan.at] === "&") {
    anchor.lastIndex = scan.at;
    const match = anchor.exec(scan.text);
    if (match === null) return unusual();
    define = defineAnchor(scan.anchors, match[1] ?? "", spanFrom(scan, scan.at, scan.at + match[0].length));
    scan.at += match[0].length;
    skipBlanks(scan);
  }
  const tree = isLineEnd(scan)
    ? readBelow(scan, column, { owner, ofMap })
    : readHere(scan, column, define !== undefined);
  define?.(tree);
  return tree;
}

function readBelow(scan: Scan, column: number, { owner, ofMap }: Owner): Tree {
  endLine(scan);
  if (scan.column > column)
    return /[[{]/.test(scan.text.charAt(scan.at)) ? readHere(scan, column, false) : readBlock(scan);
  // A list may start in the column of the key that it belongs to.
  if (ofMap && scan.column === column && isItem(scan)) return readList(scan, column);
  scan.anchors.nodes++;
  return owner === undefined ? unusual() : nullScalar(owner);
}

function readHere(scan: Scan, column: number, isAnchored: boolean): Tree {
  const tree = readLine(scan, column, isAnchored);
  // Text that goes on below, or something that is wrong.
  if (scan.column > column) return unusual();
  return tree;
}

function readLine(scan: Scan, column: number, isAnchored: boolean): Tree {
  const first = scan.text[scan.at];
  if (first === "|") {
    scan.anchors.nodes++;
    return readLiteral(scan, column);
  }
  if (first === "*" && isAnchored) return unusual();
  const tree =
    first === "[" || first === "{" ? readFlow(scan, column) : first === "*" ? readAlias(scan) : readScalar(scan);
  endLine(scan);
  return tree;
}

function readScalar(scan: Scan): Tree {
  scan.anchors.nodes++;
  const first = scan.text[scan.at];
  return first === '"' || first === "'" ? readQuoted(scan) : readPlain(scan);
}
