import { childrenOf, nameOf, nodeIn, nodesIn, type SyntaxNode } from "./syntax.ts";

/** A stretch of a text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** An object or a list that is written out in the code, and where each of its parts stands. */
export interface Literal extends Range {
  readonly slots: readonly Slot[];
}

export type Slot =
  | { readonly kind: "named"; readonly name: string; readonly key: Range; readonly value: Range }
  /** Its name is known when the program runs. */
  | { readonly kind: "computed"; readonly key: Range; readonly value: Range }
  | { readonly kind: "item"; readonly key: Range; readonly value: Range }
  | { readonly kind: "spread"; readonly key: Range; readonly value: Range };

export interface Insertion {
  readonly at: number;
  readonly text: string;
}

export interface Marked {
  readonly literals: readonly Literal[];
  readonly insertions: readonly Insertion[];
}

/**
 * Every literal is passed through a function that remembers which one it was: `$tscompose({ … }, 7)`. So the running
 * program itself tells where a value comes from, through functions, spreads and other files.
 */
export function markLiterals(program: SyntaxNode, firstNumber: number): Marked {
  const literals: Literal[] = [];
  const insertions: Insertion[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type !== "ObjectExpression" && node.type !== "ArrayExpression") {
      for (const each of childrenOf(node)) visit(each);
      return;
    }
    const number = firstNumber + literals.length;
    const slots = nodesIn(node, node.type === "ObjectExpression" ? "properties" : "elements").map(slotOf);
    literals.push({ start: node.start, end: node.end, slots });
    insertions.push({ at: node.start, text: "$tscompose(" });
    for (const [index, each] of childrenOf(node).entries()) {
      const spread = each.type === "SpreadElement" ? nodeIn(each, "argument") : undefined;
      if (spread === undefined) visit(each);
      else {
        const spreading = node.type === "ArrayExpression" ? "items" : "entries";
        insertions.push({ at: spread.start, text: `$tscompose.${spreading}(` });
        visit(spread);
        insertions.push({ at: spread.end, text: `,${number},${index})` });
      }
    }
    insertions.push({ at: node.end, text: `,${number})` });
  };
  visit(program);
  // Stable: what begins outside was noted before what begins inside, and the reverse for ends.
  return { literals, insertions: insertions.sort((one, other) => one.at - other.at) };
}

function slotOf(node: SyntaxNode): Slot {
  if (node.type === "SpreadElement") return { kind: "spread", key: node, value: node };
  const key = node.type === "Property" ? nodeIn(node, "key") : undefined;
  if (key === undefined) return { kind: "item", key: rangeOf(node), value: rangeOf(node) };
  const value = rangeOf(nodeIn(node, "value") ?? key);
  const name = node["computed"] === true && key.type === "Identifier" ? undefined : nameOf(key);
  return name === undefined
    ? { kind: "computed", key: rangeOf(key), value }
    : { kind: "named", name, key: rangeOf(key), value };
}

function rangeOf({ start, end }: SyntaxNode): Range {
  return { start, end };
}
