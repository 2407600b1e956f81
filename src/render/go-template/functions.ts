import { UsageError } from "../../model/error.ts";
import { checkComparable } from "./arguments.ts";

export type TemplateFunction = (...operands: readonly unknown[]) => unknown;

/** What the docker CLI offers in `--format`, as far as scripts use it. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ["json", (value) => JSON.stringify(value ?? null)],
  ["join", (items, separator) => listOf(items).map(printed).join(printed(separator))],
  ["split", (text, separator) => printed(text).split(printed(separator))],
  ["lower", (text) => printed(text).toLowerCase()],
  ["upper", (text) => printed(text).toUpperCase()],
  ["title", (text) => printed(text).replaceAll(/\b\p{L}/gu, (letter) => letter.toUpperCase())],
  [
    "pad",
    (text, before, after) =>
      text === "" ? "" : " ".repeat(Number(before)) + printed(text) + " ".repeat(Number(after)),
  ],
  ["padlen", (text, length) => printed(text).padEnd(Number(length))],
  ["truncate", (text, length) => Array.from(printed(text)).slice(0, Number(length)).join("")],
  ["println", (...values) => `${values.map(printed).join(" ")}\n`],
  ["print", (...values) => sideBySide(values)],
  ["printf", (format, ...values) => formatted(printed(format), values)],
  ["len", (value) => (typeof value === "string" ? Buffer.byteLength(value) : sizeOf(value))],
  ["index", (value, ...keys) => keys.reduce((inner, key) => elementOf(inner, key), value)],
  ["slice", (value, from, to) => sliceOf(value, Number(from ?? 0), to === undefined ? undefined : Number(to))],
  ["eq", (one, ...others) => others.some((other) => isSame(one, other))],
  ["ne", (one, other) => !isSame(one, other)],
  ["lt", (one, other) => compare(one, other) < 0],
  ["le", (one, other) => compare(one, other) <= 0],
  ["gt", (one, other) => compare(one, other) > 0],
  ["ge", (one, other) => compare(one, other) >= 0],
  ["not", (value) => !isTrue(value)],
  ["html", (...values) => htmlText(values.map(printed).join(""))],
  ["js", (...values) => scriptText(values.map(printed).join(""))],
  ["urlquery", (...values) => encodeURIComponent(values.map(printed).join("")).replaceAll("%20", "+")],
  ["contains", (text, part) => printed(text).includes(printed(part))],
]);

/** Go's truth: empty things are false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return value !== undefined && value !== null && value !== "" && value !== 0 && value !== false;
}

/** A value as Go prints it. */
export function printed(value: unknown): string {
  if (value === undefined || value === null) return "<no value>";
  if (Array.isArray(value)) return `[${value.map(printed).join(" ")}]`;
  if (value instanceof Map)
    return `map[${[...value].map(([key, each]) => `${printed(key)}:${printed(each)}`).join(" ")}]`;
  if (typeof value === "object") return `{${Object.values(value).map(printed).join(" ")}}`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UsageError(`template: cannot go through ${printed(value)}`);
}

function sizeOf(value: unknown): number {
  if (value instanceof Map) return value.size;
  if (!Array.isArray(value)) throw new UsageError(`template: ${printed(value)} has no length`);
  return value.length;
}

function elementOf(value: unknown, key: unknown): unknown {
  if (value instanceof Map) return value.get(key) ?? "";
  const list = typeof value === "string" ? Array.from(Buffer.from(value)) : listOf(value);
  const found = list[Number(key)];
  if (found === undefined) throw new UsageError(`template: index out of range: ${printed(key)}`);
  return found;
}

function sliceOf(value: unknown, from: number, to: number | undefined): unknown {
  return typeof value === "string" ? value.slice(from, to) : listOf(value).slice(from, to);
}

function isSame(one: unknown, other: unknown): boolean {
  checkComparable(one, other);
  return one === other;
}

/** Go's `print` parts two values by a blank where neither is a text. */
function sideBySide(values: readonly unknown[]): string {
  return values.reduce<string>((text, value, index) => {
    const apart = index > 0 && typeof value !== "string" && typeof values[index - 1] !== "string";
    return `${text}${apart ? " " : ""}${printed(value)}`;
  }, "");
}

function compare(one: unknown, other: unknown): number {
  checkComparable(one, other);
  if (typeof one === "number" && typeof other === "number") return one - other;
  const [left, right] = [printed(one), printed(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** %s %v %d %q %f %x and %%, with a width: `%-20s`. */
function formatted(format: string, values: readonly unknown[]): string {
  let next = 0;
  return format.replaceAll(/%[-0]?\d*(?:\.\d+)?[a-z%]/gi, (directive) => {
    if (directive === "%%") return "%";
    const value = values[next];
    next += 1;
    return verbText(directive, value);
  });
}

function verbText(directive: string, value: unknown): string {
  const [, flag, width, precision, verb] = /^%([-0]?)(\d*)(?:\.(\d+))?(.)$/.exec(directive) ?? [];
  const text = plainText(verb, value, precision === undefined ? undefined : Number(precision));
  return flag === "-" ? text.padEnd(Number(width)) : text.padStart(Number(width), flag === "0" ? "0" : " ");
}

function plainText(verb: string | undefined, value: unknown, precision: number | undefined): string {
  if (verb === "T") return typeName(value);
  if (verb === "q") return JSON.stringify(printed(value));
  if (verb === "f") return Number(value).toFixed(precision ?? 6);
  if (verb === "x" && typeof value === "number") return value.toString(16);
  const text = printed(value);
  return precision === undefined ? text : text.slice(0, precision);
}

function typeName(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float64";
  return typeof value === "string" ? "string" : Array.isArray(value) ? "slice" : "struct";
}

const entities: Readonly<Record<string, string>> = {
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

function htmlText(text: string): string {
  return text.replaceAll(/["'&<>]/g, (letter) => entities[letter] ?? letter);
}

function scriptText(text: string): string {
  return text.replaceAll(/[\\'"]/g, String.raw`\$&`).replaceAll(/[<>&=\0-\x1f]/g, (letter) => {
    return String.raw`\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
}
