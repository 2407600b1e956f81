import { UsageError } from "../../model/error.ts";

/** A piece of a template: text as it is, or what stands between `{{` and `}}`. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly source: string };

export type Token =
  | { readonly kind: "word"; readonly text: string }
  /** `glued`: directly behind a closing parenthesis, and so a field of what that gives. */
  | { readonly kind: "field"; readonly path: readonly string[]; readonly glued: boolean }
  | { readonly kind: "variable"; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "mark"; readonly text: "(" | ")" | "|" | "," | ":=" | "=" };

/** Cuts a template at its actions; `{{-` and `-}}` take the blanks around them away, comments vanish. */
export function splitTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = template;
  let trimNext = false;
  for (;;) {
    const open = rest.indexOf("{{");
    let text = open < 0 ? rest : rest.slice(0, open);
    if (trimNext) text = text.trimStart();
    if (open >= 0 && /^\{\{-\s/.test(rest.slice(open))) text = text.trimEnd();
    if (text !== "") pieces.push({ kind: "text", text });
    if (open < 0) return pieces;
    const match = /^\{\{(?:-\s)?((?:"(?:\\.|[^"\\])*"|`[^`]*`|\/\*.*?\*\/|(?!\s-\}\}|\}\}).)*)(\s-)?\}\}/s.exec(
      rest.slice(open),
    );
    if (match === null)
      throw new UsageError(`template parsing error: "${rest.slice(open)}" has no end`, "close it with }}");
    const source = (match[1] ?? "").trim();
    trimNext = match[2] !== undefined;
    if (!source.startsWith("/*")) pieces.push({ kind: "action", source });
    rest = rest.slice(open + match[0].length);
  }
}

const grammar =
  /\s*(?:("(?:\\.|[^"\\])*")|`([^`]*)`|(-?\d+(?:\.\d+)?)|\$(\w*)((?:\.\w+)*)|((?:\.\w+)+)|(\.)|(:=|[()|,=])|(\w+))/y;

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (source.slice(at).trim() !== "") {
    grammar.lastIndex = at;
    const match = grammar.exec(source);
    if (match === null)
      throw new UsageError(`template parsing error: unexpected "${source.slice(at).trim()}" in "${source}"`);
    tokens.push(tokenOf(match));
    at = grammar.lastIndex;
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray): Token {
  const [, quoted, raw, number, variable, variablePath, field, dot, mark, word] = match;
  if (quoted !== undefined) return { kind: "literal", value: unquote(quoted) };
  if (raw !== undefined) return { kind: "literal", value: raw };
  if (number !== undefined) return { kind: "literal", value: Number(number) };
  if (variable !== undefined) return { kind: "variable", name: variable, path: pathOf(variablePath ?? "") };
  if (field !== undefined) return { kind: "field", path: pathOf(field), glued: match[0] === field };
  if (dot !== undefined) return { kind: "field", path: [], glued: false };
  if (mark !== undefined) return { kind: "mark", text: mark as "(" };
  if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
  if (word === "nil") return { kind: "literal", value: null };
  return { kind: "word", text: word ?? "" };
}

function pathOf(text: string): string[] {
  return text.split(".").filter((part) => part !== "");
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
