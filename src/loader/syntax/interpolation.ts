import { parsed, unparsed, type Parsed, type Unparsed } from "./parsed.ts";

/** A text with variables in it. Offsets count from the start of the text that was parsed, in words too. */
export type Template = readonly TemplatePart[];
type TemplatePart = string | Variable;

export interface Variable {
  readonly name: string;
  /** From the "$" on. */
  readonly offset: number;
  readonly length: number;
  readonly operator: Operator;
  /** What follows the operator, a template of its own; empty without operator. */
  readonly word: Template;
  /** `word` as it was written. */
  readonly wordText: string;
}

/** With a colon an empty variable counts as unset; "" is a plain variable. */
type Operator = "" | "-" | ":-" | "+" | ":+" | "?" | ":?";

const deepest = 100;
const doubling = 'to write a literal "$", double it: "$$"';

/** A text without "$" is its own template; others are read once and can be evaluated often. */
export function parseTemplate(text: string): Parsed<Template> {
  if (!text.includes("$")) return parsed(text === "" ? [] : [text]);
  return parseRange({ text, closing: matchBraces(text) }, { start: 0, end: text.length, depth: 0 });
}

interface Input {
  readonly text: string;
  /** Where each "{" is closed. */
  readonly closing: ReadonlyMap<number, number>;
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

function parseRange(input: Input, range: Range): Parsed<Template> {
  const parts: TemplatePart[] = [];
  let literal = range.start;
  let dollar = input.text.indexOf("$", range.start);
  while (dollar !== -1 && dollar < range.end) {
    const found = parseDollar(input, { ...range, start: dollar });
    if (!found.ok) return found;
    const { part, end } = found.value;
    if (part !== undefined) {
      if (dollar > literal) parts.push(input.text.slice(literal, dollar));
      parts.push(part);
      literal = end;
    }
    dollar = input.text.indexOf("$", end);
  }
  if (literal < range.end) parts.push(input.text.slice(literal, range.end));
  return parsed(parts);
}

interface Found {
  /** Absent: the "$" is a plain character. */
  readonly part?: TemplatePart;
  readonly end: number;
}

/** Reads what the "$" at the start of the range introduces. */
function parseDollar(input: Input, range: Range): Parsed<Found> {
  const { start, end } = range;
  const next = start + 1 < end ? input.text[start + 1] : undefined;
  if (next === "$") return parsed({ part: "$", end: start + 2 });
  if (next === "{") return parseBraced(input, range);
  const name = nameAt(input.text, start + 1, end);
  if (name === "") return parsed({ end: start + 1 });
  const length = name.length + 1;
  return parsed({ part: plain(name, { offset: start, length }), end: start + length });
}

function parseBraced(input: Input, range: Range): Parsed<Found> {
  const { text } = input;
  const { start, end } = range;
  const close = closingBrace(input, start + 1, end);
  if (close === undefined) {
    return unparsed(`"${excerpt(text.slice(start, end))}" has no closing brace`, {
      hint: `close it with "}"; ${doubling}`,
      offset: start,
      length: end - start,
    });
  }
  const name = nameAt(text, start + 2, close);
  const after = start + 2 + name.length;
  const place = { offset: start, length: close + 1 - start };
  if (name !== "" && after === close) return parsed({ part: plain(name, place), end: close + 1 });
  const operator = name === "" ? undefined : operatorAt(text, after);
  if (operator === undefined) return invalidName(text, { start, close, after: name === "" ? undefined : after });
  if (range.depth >= deepest) return unparsed("variables are nested too deeply", place);
  const wordStart = after + operator.length;
  const wordText = text.slice(wordStart, close);
  if (wordText.includes("\n"))
    return unparsed(`what follows "${operator}" in "\${${name}${operator}…}" may not contain a line break`, place);
  const word = parseRange(input, { start: wordStart, end: close, depth: range.depth + 1 });
  if (!word.ok) return word;
  return parsed({ part: { name, ...place, operator, word: word.value, wordText }, end: close + 1 });
}

function plain(name: string, place: Pick<Variable, "offset" | "length">): Variable {
  return { name, ...place, operator: "", word: [], wordText: "" };
}

/** Braces that nobody closes count as text, as long as some "}" on the line can end the variable. */
function closingBrace(input: Input, open: number, end: number): number | undefined {
  const matched = input.closing.get(open);
  if (matched !== undefined && matched < end) return matched;
  const lineEnd = input.text.indexOf("\n", open);
  const last = input.text.lastIndexOf("}", (lineEnd === -1 || lineEnd > end ? end : lineEnd) - 1);
  return last > open ? last : undefined;
}

function matchBraces(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  const brace = /[{}]/g;
  for (let match = brace.exec(text); match !== null; match = brace.exec(text)) {
    if (match[0] === "{") open.push(match.index);
    else {
      const opened = open.pop();
      if (opened !== undefined) closing.set(opened, match.index);
    }
  }
  return closing;
}

function nameAt(text: string, start: number, end: number): string {
  const name = /[A-Za-z_][A-Za-z0-9_]*/y;
  name.lastIndex = start;
  return name.exec(text)?.[0].slice(0, end - start) ?? "";
}

function operatorAt(text: string, offset: number): Operator | undefined {
  const two = text.slice(offset, offset + 2);
  if (two === ":-" || two === ":+" || two === ":?") return two;
  const one = text[offset];
  return one === "-" || one === "+" || one === "?" ? one : undefined;
}

interface InvalidPlace {
  readonly start: number;
  readonly close: number;
  /** Where the name ends; absent: there is no name. */
  readonly after: number | undefined;
}

function invalidName(text: string, { start, close, after }: InvalidPlace): Unparsed {
  const written = excerpt(text.slice(start, close + 1));
  const place = { offset: start, length: close + 1 - start };
  if (close === start + 2) return unparsed(`"${written}" names no variable`, { hint: doubling, ...place });
  if (after === undefined) {
    const hint = `a name starts with a letter or "_", without blanks; ${doubling}`;
    return unparsed(`"${written}" does not start with the name of a variable`, { hint, ...place });
  }
  const hint = `after the name may follow "}" or one of :- - :+ + :? ?; ${doubling}`;
  return unparsed(`"${written}" has an unexpected "${text.charAt(after)}" after the name`, { hint, ...place });
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
