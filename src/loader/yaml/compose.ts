import { Composer, isAlias, isMap, isPair, isScalar, Parser } from "yaml";
import type { Alias, CST, Document, ParsedNode, Scalar, YAMLMap } from "yaml";

import type { Report, Source, Span } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import type { Tree } from "../tree.ts";
import { createAnchors, defineAnchor, findAnchored, type Anchors } from "./anchors.ts";
import { findTooDeep, firstDeepLine } from "./depth.ts";
import { buildEntries, checkKey, type Pair } from "./mapping.ts";
import type { YamlDocument } from "./read.ts";
import { nullScalar, plainScalar, quotedScalar, taggedScalar } from "./scalar.ts";
import { explainSyntaxError } from "./syntax-error.ts";
import { collectCleared, type Tag } from "./tags.ts";

/** Reads any YAML, with the `yaml` package, and says what is wrong with it. */
export function composeYaml(source: Source, report: Report): readonly YamlDocument[] | undefined {
  const tokens = tokenize(source.text);
  const tooDeep = tokens === undefined ? { offset: firstDeepLine(source.text) } : findTooDeep(tokens);
  if (tokens === undefined || tooDeep !== undefined) {
    const at = { source, start: tooDeep?.offset ?? 0, end: (tooDeep?.offset ?? 0) + 1 };
    report(errorAt("values are nested too deeply", { code: "too-deep", at }));
    return undefined;
  }
  // Strictness is about what has one meaning only, and what docker compose reads without a word.
  const options = {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    strict: false,
    logLevel: "silent",
  } as const;
  const documents: YamlDocument[] = [];
  let failed = false;
  for (const document of new Composer(options).compose(tokens, false, source.text.length)) {
    const [error] = document.errors;
    if (error !== undefined) {
      report(explainSyntaxError(source, error));
      // After its first mistake a parser guesses; what else it says would be about the guess.
      return undefined;
    }
    const read = readDocument(source, document, report);
    if (read === undefined) failed = true;
    else documents.push(read);
  }
  return failed ? undefined : documents;
}

/** Absent: the nesting is too deep even for the parser. */
function tokenize(text: string): readonly CST.Token[] | undefined {
  try {
    return [...new Parser().parse(text)];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Reading {
  readonly source: Source;
  readonly anchors: Anchors;
  readonly tags: Map<Tree, Tag>;
  readonly report: Report;
  readonly path: (string | number)[];
}

function readDocument(source: Source, document: Document.Parsed, report: Report): YamlDocument | undefined {
  const { contents } = document;
  if (contents === null) return { root: nullScalar({ source, start: 0, end: 0 }), cleared: [] };
  let failed = false;
  const reading: Reading = {
    source,
    anchors: createAnchors(),
    tags: new Map(),
    path: [],
    report: (diagnostic) => {
      failed = true;
      report(diagnostic);
    },
  };
  const root = composeNode(reading, contents);
  if (failed) return undefined;
  return reading.tags.size === 0 ? { root, cleared: [] } : collectCleared(root, reading.tags);
}

/** An empty value has no place of its own; `owner`, its key, is blamed instead. */
function composeNode(reading: Reading, node: ParsedNode, owner?: Span): Tree {
  const at = spanOf(reading, node);
  if (isAlias(node)) return findAnchored(reading.anchors, node.source, at, reading.report) ?? nullScalar(at);
  const define = node.anchor === undefined ? undefined : defineAnchor(reading.anchors, node.anchor, at);
  reading.anchors.nodes++;
  const tree = composeValue(reading, node, at.start === at.end ? (owner ?? at) : at);
  define?.(tree);
  if (node.tag === "!reset") reading.tags.set(tree, "reset");
  else if (node.tag === "!override") reading.tags.set(tree, "override");
  return tree;
}

function composeValue(reading: Reading, node: Exclude<ParsedNode, Alias.Parsed>, at: Span): Tree {
  if (isScalar(node)) return composeScalar(node, at);
  if (isMap(node)) return { kind: "map", at, entries: composeEntries(reading, node) };
  const items = node.items.flatMap((item, index) =>
    isPair(item) ? [] : [within(reading, index, () => composeNode(reading, item))],
  );
  return { kind: "list", at, items };
}

function composeScalar(node: Scalar.Parsed, at: Span): Tree {
  if (node.tag !== undefined) return taggedScalar(node.tag, node.source, at);
  return node.type === "PLAIN" ? plainScalar(node.source, at) : quotedScalar(textOf(node, at), at);
}

/** At the end of a file without a line feed the parser gives a block of text one that it does not have. */
function textOf({ source: text, type }: Scalar.Parsed, { source, end }: Span): string {
  const isBlock = type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED";
  const isCut = isBlock && end === source.text.length && !source.text.endsWith("\n") && text.endsWith("\n");
  return isCut ? text.slice(0, -1) : text;
}

function composeEntries(reading: Reading, map: YAMLMap.Parsed): ReturnType<typeof buildEntries> {
  const pairs = map.items.map((pair): Pair => {
    const { key, value } = pair;
    const tree = composeNode(reading, key);
    const merges = isScalar(key) && key.source === "<<" && key.type === "PLAIN";
    const name = merges ? "<<" : checkKey(tree, reading);
    return {
      key: name,
      at: spanOf(reading, key),
      merges,
      value:
        value === null ? nullScalar(tree.at) : within(reading, name ?? "", () => composeNode(reading, value, tree.at)),
    };
  });
  return buildEntries(pairs, reading.report);
}

function within(reading: Reading, part: string | number, compose: () => Tree): Tree {
  reading.path.push(part);
  const tree = compose();
  reading.path.pop();
  return tree;
}

function spanOf(reading: Reading, node: ParsedNode): Span {
  return { source: reading.source, start: node.range[0], end: endOf(node) };
}

/** The end of a mapping or a list without brackets is that of what it holds; the parser counts comments as well. */
function endOf(node: ParsedNode): number {
  const isFlow = isScalar(node) || isAlias(node) || node.flow === true;
  const last = isFlow ? undefined : node.items.at(-1);
  if (last === undefined) return node.range[1];
  if (!isPair(last)) return endOf(last);
  const { key, value } = last;
  return value === null || value.range[0] === value.range[1] ? endOf(key) : endOf(value);
}
