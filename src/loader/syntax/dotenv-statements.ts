/** A mistake at a place of an env file. */
export interface DotenvProblem {
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}

/** One statement of an env file, before variables are put in. */
export interface Statement {
  readonly kind: "inherited" | "literal" | "template";
  readonly key: string;
  readonly keyOffset: number;
  readonly text: string;
  /** Place of the value without its quotes; of an inherited one, of its key. */
  readonly offset: number;
  readonly length: number;
  /** Escapes were replaced, so offsets in `text` are not those in the file. */
  readonly escaped: boolean;
}

export interface Statements {
  readonly statements: readonly Statement[];
  readonly problems: readonly DotenvProblem[];
  readonly warnings: readonly DotenvProblem[];
}

interface Scan {
  readonly source: string;
  index: number;
  readonly statements: Statement[];
  readonly problems: DotenvProblem[];
  readonly warnings: DotenvProblem[];
}

interface Key {
  readonly key: string;
  readonly keyOffset: number;
}

export function scanDotenv(source: string): Statements {
  const scan: Scan = { source, index: source.startsWith("\uFEFF") ? 1 : 0, statements: [], problems: [], warnings: [] };
  while (skipToStatement(scan)) readStatement(scan);
  return scan;
}

/** False at the end of the file. */
function skipToStatement(scan: Scan): boolean {
  scan.index = endOf(/\s*/y, scan);
  while (scan.source[scan.index] === "#") {
    scan.index = endOf(/[^\n]*/y, scan);
    scan.index = endOf(/\s*/y, scan);
  }
  return scan.index < scan.source.length;
}

function readStatement(scan: Scan): void {
  scan.index = endOf(/(?:export[^\S\n]+)?/y, scan);
  const keyOffset = scan.index;
  const end = endOf(/[^=:\n]*/y, scan);
  const separator = scan.source[end];
  const key = scan.source.slice(keyOffset, end).trimEnd();
  const problem = keyProblem(key, keyOffset);
  if (problem !== undefined) {
    scan.problems.push(problem);
    scan.index = endOf(/[^\n]*/y, scan);
    return;
  }
  scan.index = end + 1;
  if (separator === "=" || separator === ":") readValue(scan, { key, keyOffset });
  else if (key !== "") {
    const place = { keyOffset, offset: keyOffset, length: key.length };
    scan.statements.push({ kind: "inherited", key, text: "", escaped: false, ...place });
  }
}

function keyProblem(key: string, keyOffset: number): DotenvProblem | undefined {
  const odd = /[^\p{L}\p{N}_.\-[\]\s]/u.exec(key);
  if (odd !== null) {
    const [char] = odd;
    const hint = 'a name has letters, digits, "_", "." and "-"; a comment starts with "#" on a line of its own';
    return {
      message: `unexpected "${char}" in a variable's name`,
      hint,
      offset: keyOffset + odd.index,
      length: char.length,
    };
  }
  const blank = /\s+/.exec(key);
  if (blank === null) return undefined;
  const hint = `write NAME=value, one on each line`;
  const place = { offset: keyOffset + blank.index, length: blank[0].length };
  return { message: `the variable's name "${key}" contains a blank`, hint, ...place };
}

function readValue(scan: Scan, key: Key): void {
  scan.index = endOf(/[\t\v\f\r \u0085\u00A0]*/y, scan);
  const quote = scan.source[scan.index];
  if (quote === "'" || quote === '"') readQuoted(scan, key, quote);
  else readPlain(scan, key);
}

function readPlain(scan: Scan, key: Key): void {
  const offset = scan.index;
  const end = endOf(/[^\n]*/y, scan);
  const line = scan.source.slice(offset, end);
  const comment = line.indexOf(" #");
  const text = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
  scan.statements.push({ kind: "template", ...key, text, offset, length: text.length, escaped: false });
  scan.index = end;
}

function readQuoted(scan: Scan, key: Key, quote: "'" | '"'): void {
  const offset = scan.index + 1;
  const end = closingQuote(scan.source, offset, quote);
  if (end === undefined) {
    const length = endOf(/[^\n]*/y, scan) - scan.index;
    const hint = `close it with ${quote}; a ${quote} inside the value is written \\${quote}`;
    scan.problems.push({ message: `the quoted value of "${key.key}" is not closed`, hint, offset: scan.index, length });
    // What follows may be inside the quotes, so reading on would only guess.
    scan.index = scan.source.length;
    return;
  }
  const written = scan.source.slice(offset, end);
  const text = quote === "'" ? written.replaceAll("\\'", "'") : expandEscapes(written);
  const place = { offset, length: written.length, escaped: text !== written };
  scan.statements.push({ kind: quote === "'" ? "literal" : "template", ...key, text, ...place });
  scan.index = end + 1;
  warnOfTrailingText(scan, key.key);
}

/** The next quote that no backslash escapes. */
function closingQuote(source: string, offset: number, quote: string): number | undefined {
  for (let end = source.indexOf(quote, offset); end !== -1; end = source.indexOf(quote, end + 1)) {
    let backslashes = 0;
    while (end - backslashes > offset && source[end - backslashes - 1] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return undefined;
}

/** What stands behind a closing quote is read as another variable, as docker compose does. */
function warnOfTrailingText(scan: Scan, key: string): void {
  const offset = endOf(/[^\S\n]*/y, scan);
  const next = scan.source[offset];
  if (next === undefined || next === "\n" || next === "#") return;
  const length = endOf(/[^\n]*/y, scan) - offset;
  const message = `what follows the closing quote of "${key}" is read as another variable`;
  scan.warnings.push({ message, hint: "move it to a line of its own, or into the quotes", offset, length });
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ['"', '"'],
  ["$", "$$"], // left for interpolation to make one of
]);

function expandEscapes(text: string): string {
  return text.replace(/\\(?:0([0-3][0-7]{2})|(.))/gs, (written, octal: string | undefined, char: string | undefined) =>
    octal === undefined ? (escapes.get(char ?? "") ?? written) : String.fromCodePoint(Number.parseInt(octal, 8)),
  );
}

/** Where a sticky pattern that starts at the present position ends. */
function endOf(pattern: RegExp, scan: Scan): number {
  pattern.lastIndex = scan.index;
  return scan.index + (pattern.exec(scan.source)?.[0].length ?? 0);
}
