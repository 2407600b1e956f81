import type { Source } from "../../model/diagnostic.ts";
import { eraseTypes } from "./erase-types.ts";
import { type Insertion, type Literal, markLiterals, type Range } from "./literals.ts";
import { childrenOf, nameOf, nodeIn, nodesIn, parseCode, type SyntaxNode } from "./syntax.ts";

/** A file of the user's, ready to be run. */
export interface CodeModule {
  readonly source: Source;
  /** JavaScript, on the same lines as what was written. */
  readonly code: string;
  readonly insertions: readonly Insertion[];
  readonly literals: readonly Literal[];
  readonly imports: readonly Import[];
  /** What is behind `export default`. */
  readonly exported: Range | undefined;
  /** Whether it says import or export; a script is left to Node as it is. */
  readonly isModule: boolean;
}

export interface Import extends Range {
  readonly specifier: string;
  /** Names that it takes; absent: everything, or nobody knows what. */
  readonly names: readonly string[] | undefined;
}

/** Rejects with a CodeSyntaxError. */
export async function prepareModule(source: Source, firstLiteral: number): Promise<CodeModule> {
  const isTyped = /\.m?ts$/.test(source.path);
  const typed = await parseCode(source.text, isTyped ? "typescript" : "javascript");
  const plain = isTyped ? eraseTypes(source.text, typed) : source.text;
  // Erased and parsed again: what is left is sure to be JavaScript, and types are in nobody's way.
  const program = isTyped ? await parseCode(plain, "javascript") : typed;
  const { literals, insertions } = markLiterals(program, firstLiteral);
  const body = nodesIn(program, "body");
  const exported = body.find(({ type }) => type === "ExportDefaultDeclaration");
  return {
    source,
    code: inserted(plain, insertions),
    insertions,
    literals,
    imports: importsOf(program),
    exported: exported && nodeIn(exported, "declaration"),
    isModule: isTyped || source.path.endsWith(".mjs") || body.some(({ type }) => /^(Import|Export)/.test(type)),
  };
}

/** The place in what was written that a line and a column (from 1) of what runs stand for. */
export function writtenOffset({ code, insertions }: CodeModule, line: number, column: number): number {
  const lineStart = line === 1 ? 0 : nthLineStart(code, line);
  const offset = lineStart + column - 1;
  let shift = 0;
  for (const { at, text } of insertions) {
    if (at + shift + text.length > offset) return Math.min(offset - shift, at);
    shift += text.length;
  }
  return offset - shift;
}

function nthLineStart(code: string, line: number): number {
  let start = 0;
  for (let number = 1; number < line; number += 1) start = code.indexOf("\n", start) + 1;
  return start;
}

function inserted(text: string, insertions: readonly Insertion[]): string {
  let result = "";
  let done = 0;
  for (const { at, text: added } of insertions) {
    result += text.slice(done, at) + added;
    done = at;
  }
  return result + text.slice(done);
}

function importsOf(program: SyntaxNode): readonly Import[] {
  const found: Import[] = [];
  const visit = (node: SyntaxNode): void => {
    const source = /^(Import|Export)/.test(node.type) ? nodeIn(node, "source") : undefined;
    const specifier = nameOf(source);
    if (source !== undefined && specifier !== undefined) {
      found.push({ specifier, start: source.start, end: source.end, names: importedNames(node) });
    }
    for (const each of childrenOf(node)) visit(each);
  };
  visit(program);
  return found;
}

function importedNames(node: SyntaxNode): readonly string[] | undefined {
  if (node.type !== "ImportDeclaration") return undefined;
  const names = nodesIn(node, "specifiers").map((each) => nameOf(nodeIn(each, "imported")));
  return names.every((name) => name !== undefined) ? names : undefined;
}
