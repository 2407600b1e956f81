import { parsed, unparsed, type Parsed, type Unparsed } from "./parsed.ts";

export interface ShellWords {
  readonly words: readonly string[];
  /** Where an unquoted ; & | < or > ended the command. docker compose drops what follows without a word. */
  readonly cutAt?: number;
}

interface Scan {
  readonly text: string;
  index: number;
  /** The word so far; absent between words. */
  word: string | undefined;
  readonly words: string[];
  cutAt: number | undefined;
}

/**
 * Splits a command line into words the way docker compose does: quotes and backslashes as in a shell, but no
 * variables, no globs, no comments. `$( … )` and backticks are kept as they are.
 */
export function splitShellWords(text: string): Parsed<ShellWords> {
  const scan: Scan = { text, index: 0, word: undefined, words: [], cutAt: undefined };
  while (scan.index < text.length && scan.cutAt === undefined) {
    const problem = step(scan);
    if (problem !== undefined) return problem;
  }
  if (scan.word !== undefined) scan.words.push(scan.word);
  return parsed({ words: scan.words, ...(scan.cutAt !== undefined && { cutAt: scan.cutAt }) });
}

function step(scan: Scan): Unparsed | undefined {
  const char = scan.text.charAt(scan.index);
  switch (char) {
    case " ":
    case "\t":
    case "\r":
    case "\n":
      return endWord(scan);
    case "'":
    case '"':
      return readQuoted(scan, char);
    case "`":
      return readSubstitution(scan, "`");
    case "(":
      if (scan.text[scan.index - 1] === "$" && scan.word?.endsWith("$") === true) return readSubstitution(scan, ")");
      return parenthesis(scan);
    case ")":
      return parenthesis(scan);
    case "\\":
      return readEscaped(scan);
    case ";":
    case "&":
    case "|":
    case "<":
    case ">":
      return cut(scan, char);
    default:
      scan.word = (scan.word ?? "") + char;
      scan.index++;
      return undefined;
  }
}

function endWord(scan: Scan): undefined {
  if (scan.word !== undefined) scan.words.push(scan.word);
  scan.word = undefined;
  scan.index++;
}

function readEscaped(scan: Scan): Unparsed | undefined {
  if (scan.index + 1 >= scan.text.length)
    return unparsed("the command ends with a backslash", {
      hint: "double it, or remove it",
      offset: scan.index,
      length: 1,
    });
  scan.word = (scan.word ?? "") + scan.text.charAt(scan.index + 1);
  scan.index += 2;
  return undefined;
}

function readQuoted(scan: Scan, quote: "'" | '"'): Unparsed | undefined {
  const start = scan.index;
  const content: string[] = [];
  for (let index = start + 1; index < scan.text.length; index++) {
    const char = scan.text.charAt(index);
    if (char === quote) {
      scan.word = (scan.word ?? "") + content.join("");
      scan.index = index + 1;
      return undefined;
    }
    if (char === "\\" && quote === '"') index++;
    content.push(scan.text.charAt(index));
  }
  return unparsed(`the command has an opening ${quote} without a closing one`, {
    hint: "close the quote, or write the command as a list",
    offset: start,
    length: 1,
  });
}

/** A backtick or `$(` up to its end, kept as text: the shell inside the container, if any, is to run it. */
function readSubstitution(scan: Scan, end: "`" | ")"): Unparsed | undefined {
  const start = scan.index;
  const content = [scan.text.charAt(start)];
  let quote: string | undefined;
  for (let index = start + 1; index < scan.text.length; index++) {
    const char = scan.text.charAt(index);
    if (char === "\\" && quote !== "'") {
      index++;
      content.push(scan.text.charAt(index));
      continue;
    }
    if (end === "`" && (char === "'" || char === '"') && (quote === undefined || quote === char)) {
      // Inside backticks docker compose takes quotes away, inside $( ) it keeps them.
      quote = quote === undefined ? char : undefined;
      continue;
    }
    content.push(char);
    if (char === "(" && end === ")") return parenthesis({ ...scan, index });
    if (char !== end || quote !== undefined) continue;
    scan.word = (scan.word ?? "") + content.join("");
    scan.index = index + 1;
    return undefined;
  }
  const opening = end === ")" ? "$(" : "`";
  const hint = "close it, or write the command as a list";
  return unparsed(`the command has an opening ${opening} without a closing ${end}`, { hint, offset: start, length: 1 });
}

function parenthesis(scan: Scan): Unparsed {
  const hint = `quote it, or write the command as a list; to have a shell read it: ["sh", "-c", "…"]`;
  const where = { offset: scan.index, length: 1 };
  return unparsed(`the command has an unquoted "${scan.text.charAt(scan.index)}"`, { hint, ...where });
}

function cut(scan: Scan, char: string): undefined {
  // "2>file": the digits name a stream and belong to the redirection.
  if (char === ">" && scan.word !== undefined && /^\d+$/.test(scan.word)) scan.word = undefined;
  scan.cutAt = scan.index;
}
