import { resolveScalar } from "./syntax/yaml-scalar.ts";

/**
 * A text as YAML: plain where it reads back as the same text, quoted or as a block where it would not. The choices are
 * those of docker compose's writer, so that the outputs of both can be compared.
 */
export function writeYamlText(text: string, role: "key" | "value", indent: string): string {
  // Most texts are plain words, and of those nothing more need be known.
  if (/^[A-Za-z][\w./-]*$/.test(text) && !words.test(text)) return text;
  if (text.includes("\n")) return role === "value" && canBeBlock(text) ? writeBlock(text, indent) : doubleQuoted(text);
  if (isOtherType(text) || hasSpecial(text)) return doubleQuoted(text);
  return canBePlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

/** Words that mean something else than themselves, in YAML 1.1 or 1.2; `nULL` is none. */
const words =
  /^([yY]|[yY]es|YES|[nN]|[nN]o|NO|[oO]n|ON|[oO]ff|OFF|[tT]rue|TRUE|[fF]alse|FALSE|[nN]ull|NULL|\.nan|\.NaN|\.NAN)$/;
const sexagesimal = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/;
const timestamp = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\s*[\d:.]+(Z|[-+]\d{1,2}(:\d{2})?)?)?$/;

function isOtherType(text: string): boolean {
  return words.test(text) || resolveScalar(text).kind !== "string" || sexagesimal.test(text) || timestamp.test(text);
}

/** What no quotes but double ones can hold: control characters, and those beyond the basic plane. */
function hasSpecial(text: string): boolean {
  return /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\u2028\u2029]/.test(text);
}

function canBePlain(text: string): boolean {
  if (/^ | $/.test(text) || /^(---|\.\.\.)/.test(text)) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:-]([ \t]|$)/.test(text)) return false;
  return !/:([ \t]|$)/.test(text) && !/[ \t]#/.test(text);
}

/** A block cannot show blanks at the end of a line. */
function canBeBlock(text: string): boolean {
  return !/ (\n|$)/.test(text) && !/[^\n\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(text);
}

function writeBlock(text: string, indent: string): string {
  // Without a number the first line's blanks would count as indentation.
  const hint = /^[ \n]/.test(text) ? "2" : "";
  const ending = text.endsWith("\n") ? (text === "\n" || text.endsWith("\n\n") ? "+" : "") : "-";
  const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
  return `|${hint}${ending}\n${lines.replace(/^(?=[^\n])/gm, `${indent}  `)}`;
}

function doubleQuoted(text: string): string {
  return `"${text.replace(/["\\]|[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\u2028\u2029]/gu, escape)}"`;
}

const names: ReadonlyMap<string, string> = new Map([
  ["\0", "0"],
  ["\u0007", "a"],
  ["\b", "b"],
  ["\t", "t"],
  ["\n", "n"],
  ["\v", "v"],
  ["\f", "f"],
  ["\r", "r"],
  ["\u001b", "e"],
  ['"', '"'],
  ["\\", "\\"],
  ["\u0085", "N"],
  ["\u2028", "L"],
  ["\u2029", "P"],
]);

function escape(char: string): string {
  const name = names.get(char);
  if (name !== undefined) return `\\${name}`;
  const code = char.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
