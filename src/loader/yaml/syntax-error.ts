import type { YAMLError } from "yaml";

import type { Diagnostic, Source, Span } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";

interface Explanation {
  readonly code?: YAMLError["code"];
  /** What the parser says. */
  readonly said?: RegExp;
  readonly message: Words;
  readonly hint?: Words;
}

interface Reported {
  /** The parser's own words. */
  readonly said: string;
  /** What it points at. */
  readonly text: string;
  /** From there to the end of the line. */
  readonly rest: string;
}

type Words = string | ((error: Reported) => string);

const quoteIt = "put the value in quotes";

/** The first row that matches explains; YAML's own vocabulary helps nobody who writes a Compose file. */
const explanations: readonly Explanation[] = [
  { code: "TAB_AS_INDENT", message: "a tab may not indent a line", hint: "indent with blanks" },
  {
    said: /^Flow.* end with a .$/,
    message: (error) => `"${error.text}" is opened but not closed`,
    hint: (error) => `close it with "${error.said.slice(-1)}", and indent the lines up to there further than its key`,
  },
  {
    said: /must start at the same column$/,
    message: "this line is indented unlike its neighbours",
    hint: "entries of one mapping or list start in the same column",
  },
  {
    code: "BLOCK_AS_IMPLICIT_KEY",
    said: /^A block sequence/,
    message: "a list item stands among the keys of a mapping",
    hint: 'either all entries start with "- ", or none; is the indentation right?',
  },
  {
    code: "BLOCK_AS_IMPLICIT_KEY",
    message: "a value may not contain a further key",
    hint: (error) =>
      /^[^\n]*: /.test(error.rest)
        ? 'quote the value if ": " is part of it, or start the inner mapping on its own line'
        : "the next line is indented too far to be its neighbour",
  },
  {
    said: /Implicit (map )?keys/,
    message: (error) => `"${firstLine(error)}" is no "key: value"`,
    hint: (error) =>
      /^[\w.-]+:\S/.test(error.rest) ? 'put a blank after the ":"' : 'a key is followed by ":" and a blank',
  },
  {
    code: "MISSING_CHAR",
    said: /^Missing closing/,
    message: "a quote is opened but not closed",
    hint: (error) => `close it with ${error.said.includes('"') ? '"' : "'"}`,
  },
  {
    code: "MISSING_CHAR",
    said: /^Missing , /,
    message: "a comma is missing between two entries",
    hint: 'separate entries with ","',
  },
  {
    code: "MISSING_CHAR",
    said: /Missing space after/,
    message: 'there is no blank after the ":"',
  },
  {
    code: "BAD_SCALAR_START",
    message: (error) => `a value may not start with "${error.text}"`,
    hint: quoteIt,
  },
  {
    code: "BAD_DQ_ESCAPE",
    message: (error) => `"${error.rest.slice(0, 2)}" is no escape`,
    hint: "in double quotes write \\\\ for a backslash, or use single quotes",
  },
  { code: "BAD_ALIAS", message: (error) => `"${error.text}" names nothing`, hint: quoteIt },
  {
    said: /^Block scalar header/,
    message: "the text starts on the line after | or >",
    hint: "move it to its own, indented line",
  },
  {
    said: /^Unexpected (flow|,|[[\]{}])|Unexpected empty item/,
    message: (error) => `"${error.text}" is not expected here`,
    hint: "remove it, or quote the value that it belongs to",
  },
  {
    code: "UNEXPECTED_TOKEN",
    said: /at node end/,
    message: (error) => `"${firstLine(error)}" follows a value that is complete`,
    hint: "quote the whole value, or remove what follows; is the indentation right?",
  },
  { code: "RESOURCE_EXHAUSTION", message: "values are nested too deeply" },
];

export function explainSyntaxError(source: Source, error: YAMLError): Diagnostic {
  const at = placeOf(source, error);
  const end = source.text.indexOf("\n", at.start);
  const reported: Reported = {
    said: error.message,
    text: source.text.slice(at.start, at.end),
    rest: source.text.slice(at.start, end === -1 ? undefined : end),
  };
  const found = explanations.find(
    ({ code = error.code, said }) => code === error.code && (said?.test(error.message) ?? true),
  );
  const say = (words: Words | undefined): string | undefined => (typeof words === "function" ? words(reported) : words);
  const message = say(found?.message) ?? lowerFirst(error.message);
  return errorAt(`this is not YAML: ${message}`, { code: "yaml-syntax", at, hint: say(found?.hint) });
}

/** On one line, and on something that can be seen where the line has something. */
function placeOf(source: Source, error: YAMLError): Span {
  const { text } = source;
  let [start, end] = error.pos;
  // Of an unclosed quote the parser knows the end; a person looks for its start.
  const opened = /^Missing closing (.)/.exec(error.message)?.[1];
  if (opened !== undefined) start = openingQuote(text, opened, start);
  // The same of brackets.
  if (/^Flow.* end with a .$/.test(error.message)) [start, end] = openingBracket(text, start);
  while (/[ \n]/.test(text.charAt(start)) && start + 1 < end) start++;
  if (/[ ]/.test(text.charAt(start))) start += /^ */.exec(text.slice(start, start + 500))?.[0].length ?? 0;
  const line = text.indexOf("\n", start);
  end = Math.min(Math.max(end, start + 1), line === -1 ? text.length : Math.max(line, start + 1));
  if (/[\w"'-]/.test(text.charAt(start)))
    end = Math.max(end, start + (/^[\w."'-]+/.exec(text.slice(start, start + 80))?.[0].length ?? 1));
  return { source, start, end };
}

/** The start of the line from which the quotes no longer pair up. */
function openingQuote(text: string, quote: string, end: number): number {
  let open = -1;
  for (let index = text.indexOf(quote); index !== -1 && index < end; index = text.indexOf(quote, index + 1)) {
    const starts = open === -1 && /[\s[{,:-]/.test(text.charAt(index - 1) || " ");
    if (starts) open = index;
    else if (open !== -1 && !(quote === '"' && text[index - 1] === "\\")) open = -1;
  }
  return open === -1 ? end : open;
}

/** The last bracket before `end` that has no counterpart there. */
function openingBracket(text: string, end: number): [start: number, end: number] {
  const open: number[] = [];
  const token = /"(?:[^"\\]|\\.)*"|'[^']*'|(?<=^|\s)#.*|[[\]{}]/gm;
  for (let match = token.exec(text); match !== null && match.index < end; match = token.exec(text)) {
    if (match[0] === "[" || match[0] === "{") open.push(match.index);
    else if (match[0] === "]" || match[0] === "}") open.pop();
  }
  const start = open.at(-1) ?? end;
  return [start, start + 1];
}

function firstLine(error: Reported): string {
  const line = error.rest.trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
