import type { CST } from "yaml";

/** Real files are five to ten levels deep; the passes over a tree may then simply recurse. */
export const deepestLevel = 200;

/** The first token that is nested too deeply. Works without recursion, as what it looks for would overflow the stack. */
export function findTooDeep(tokens: readonly CST.Token[]): CST.Token | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of tokens) open.push({ token, depth: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > deepestLevel) return token;
    if (token.type === "document") {
      if (token.value !== undefined) open.push({ token: token.value, depth });
    } else if ("items" in token) {
      for (const { key, value } of token.items) {
        if (key) open.push({ token: key, depth: depth + 1 });
        if (value) open.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** Where a text that no parser gets through is nested too deeply, as far as that can be told without one. */
export function firstDeepLine(text: string): number {
  const found = /^ {200}|(?:[-?] ){200}/m.exec(text);
  return found === null ? 0 : found.index + found[0].length;
}
