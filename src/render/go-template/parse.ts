import { UsageError } from "../../model/error.ts";
import { splitTemplate, tokenize } from "./tokens.ts";
import type { Piece, Token } from "./tokens.ts";

/** An operand, or a call of a function or method with operands. */
export type Term =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "field"; readonly of: Term | undefined; readonly path: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "pipeline"; readonly pipeline: Pipeline };

export type Call = readonly [head: Term, ...operands: Term[]];

/** `a | b | c`: each call gets what the one before gave as its last operand. */
export interface Pipeline {
  /** `$x :=`, or `$i, $x :=` of a range. */
  readonly variables: readonly string[];
  /** `$x = …`: the variable is there already, perhaps in a block around this one. */
  readonly assigns: boolean;
  readonly calls: readonly Call[];
}

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly pipeline: Pipeline }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly kind: "define"; readonly name: string; readonly body: readonly Node[] }
  | { readonly kind: "template"; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly kind: "leave"; readonly word: "break" | "continue" };

export function parseTemplate(template: string): readonly Node[] {
  const pieces = splitTemplate(template);
  const { nodes, end } = parseBlock({ pieces, at: 0, ranges: 0 });
  if (end !== undefined) throw new UsageError(`template parsing error: unexpected {{${end}}}`);
  return nodes;
}

interface Cursor {
  readonly pieces: readonly Piece[];
  at: number;
  /** How many ranges are open here. */
  ranges: number;
}

/** Up to the `end` or `else` that belongs to it, or the end of the template. */
function parseBlock(cursor: Cursor): { nodes: Node[]; end: string | undefined } {
  const nodes: Node[] = [];
  for (;;) {
    const piece = cursor.pieces[cursor.at];
    if (piece === undefined) return { nodes, end: undefined };
    cursor.at += 1;
    if (piece.kind === "text") {
      nodes.push(piece);
      continue;
    }
    const [, word = "", rest = ""] = /^(\w+)\b(.*)$/s.exec(piece.source) ?? [];
    if (word === "end" || word === "else") return { nodes, end: piece.source };
    if (word === "if" || word === "with" || word === "range") nodes.push(parseBranch(word, rest, cursor));
    else if (word === "define" || word === "block") nodes.push(...parseNamed(word, rest, cursor));
    else if (word === "template") nodes.push(parseUse(rest));
    else if (word === "break" || word === "continue") nodes.push(parseLeave(word, cursor));
    else nodes.push({ kind: "print", pipeline: pipelineOf(piece.source) });
  }
}

/** `define "name"`; `block "name" .` also uses it where it stands. */
function parseNamed(kind: "define" | "block", source: string, cursor: Cursor): readonly Node[] {
  const use = parseUse(source);
  const { nodes: body, end } = parseBlock(cursor);
  if (end !== "end") throw new UsageError(`template parsing error: {{${kind}}} has no {{end}}`);
  const definition = { kind: "define", name: use.name, body } as const;
  return kind === "define" ? [definition] : [definition, use];
}

function parseUse(source: string): Extract<Node, { kind: "template" }> {
  const [, name, rest = ""] = /^\s*"([^"]*)"(.*)$/s.exec(source) ?? [];
  if (name === undefined) throw new UsageError(`template parsing error: missing name in "${source.trim()}"`);
  return { kind: "template", name, pipeline: rest.trim() === "" ? undefined : pipelineOf(rest) };
}

function parseLeave(word: "break" | "continue", { ranges }: Cursor): Node {
  if (ranges === 0) throw new UsageError(`template parsing error: {{${word}}} outside {{range}}`);
  return { kind: "leave", word };
}

function parseBranch(kind: "if" | "with" | "range", condition: string, cursor: Cursor): Node {
  const pipeline = pipelineOf(condition);
  const depth = kind === "range" ? 1 : 0;
  cursor.ranges += depth;
  const body = parseBlock(cursor);
  cursor.ranges -= depth;
  if (body.end === undefined) throw new UsageError(`template parsing error: {{${kind}}} has no {{end}}`);
  if (body.end === "end") return { kind, pipeline, body: body.nodes, otherwise: [] };
  const chained = /^else\s+(if|with)\b(.*)$/s.exec(body.end);
  if (chained !== null) {
    const next = chained[1] === "with" ? "with" : "if";
    return { kind, pipeline, body: body.nodes, otherwise: [parseBranch(next, chained[2] ?? "", cursor)] };
  }
  const otherwise = parseBlock(cursor);
  if (otherwise.end !== "end") throw new UsageError(`template parsing error: {{${kind}}} has no {{end}}`);
  return { kind, pipeline, body: body.nodes, otherwise: otherwise.nodes };
}

function pipelineOf(source: string): Pipeline {
  const tokens = tokenize(source);
  const assigned = tokens.findIndex((token) => token.kind === "mark" && (token.text === ":=" || token.text === "="));
  const variables = tokens
    .slice(0, Math.max(0, assigned))
    .flatMap((token) => (token.kind === "variable" ? [token.name] : []));
  const mark = tokens[assigned];
  const assigns = mark?.kind === "mark" && mark.text === "=";
  const cursor = { tokens: tokens.slice(assigned + 1), at: 0 };
  const calls = parseCalls(cursor, source);
  if (cursor.at < cursor.tokens.length) throw new UsageError(`template parsing error: unexpected ")" in "${source}"`);
  return { variables, assigns, calls };
}

interface TokenCursor {
  readonly tokens: readonly Token[];
  at: number;
}

function parseCalls(cursor: TokenCursor, source: string): readonly Call[] {
  const calls: Call[] = [];
  for (;;) {
    const [head, ...operands] = parseTerms(cursor, source);
    if (head === undefined) throw new UsageError(`template parsing error: missing value in "${source}"`);
    calls.push([head, ...operands]);
    const next = cursor.tokens[cursor.at];
    if (next?.kind !== "mark" || next.text !== "|") return calls;
    cursor.at += 1;
  }
}

function parseTerms(cursor: TokenCursor, source: string): Term[] {
  const terms: Term[] = [];
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token === undefined || (token.kind === "mark" && token.text !== "(")) return terms;
    cursor.at += 1;
    if (token.kind === "word") terms.push({ kind: "function", name: token.text });
    else if (token.kind === "field") terms.push({ kind: "field", of: undefined, path: token.path });
    else if (token.kind === "mark") terms.push(parseGroup(cursor, source));
    else terms.push(token);
  }
}

/** `(pipeline)`, perhaps followed by a field of what it gives: `(index .Ports 0).URL`. */
function parseGroup(cursor: TokenCursor, source: string): Term {
  const calls = parseCalls(cursor, source);
  const close = cursor.tokens[cursor.at];
  if (close?.kind !== "mark" || close.text !== ")")
    throw new UsageError(`template parsing error: missing ")" in "${source}"`);
  cursor.at += 1;
  const group: Term = { kind: "pipeline", pipeline: { variables: [], assigns: false, calls } };
  const next = cursor.tokens[cursor.at];
  if (next?.kind !== "field" || !next.glued) return group;
  cursor.at += 1;
  return { kind: "field", of: group, path: next.path };
}
