import { type Options, Parser } from "acorn";

/** A node of the syntax tree: ESTree, and TypeScript's own kinds. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** JavaScript that cannot be understood; `offset` is where. */
export class CodeSyntaxError extends Error {
  override readonly name: string = "CodeSyntaxError";
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const options: Options = { sourceType: "module", ecmaVersion: "latest", allowHashBang: true, locations: true };

export async function parseCode(text: string, language: "typescript" | "javascript"): Promise<SyntaxNode> {
  try {
    if (language === "javascript") return Parser.parse(text, options) as unknown as SyntaxNode;
    const { tsPlugin } = await import("@sveltejs/acorn-typescript");
    return Parser.extend(tsPlugin()).parse(text, options) as unknown as SyntaxNode;
  } catch (error) {
    if (!(error instanceof SyntaxError) || !("pos" in error) || typeof error.pos !== "number") throw error;
    throw new CodeSyntaxError(error.message.replace(/ \(\d+:\d+\)$/, ""), error.pos);
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

export function nodeIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

export function nodesIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** In the order in which they are written. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const found = Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
  // Shorthand properties have one node as key and value.
  return [...new Set(found)].sort((one, other) => one.start - other.start);
}

/** What a node calls something: an identifier's name, or the text of a literal. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === "Identifier" && typeof node["name"] === "string") return node["name"];
  const value = node?.type === "Literal" ? node["value"] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
