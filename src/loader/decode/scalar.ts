import { parseBoolean } from "../syntax/boolean.ts";
import { parseBytes } from "../syntax/bytes.ts";
import { parseCpus, roundCpus } from "../syntax/cpus.ts";
import { parseDuration } from "../syntax/duration.ts";
import { parseFileMode } from "../syntax/file-mode.ts";
import { formatGoNumber } from "../syntax/go-number.ts";
import { parseInteger } from "../syntax/integer.ts";
import type { Parsed } from "../syntax/parsed.ts";
import type { ScalarTree } from "../tree.ts";
import { isNull, mismatch, problem, unreadable, warn, type Decoder } from "./decoder.ts";

/** The text of a scalar, as docker compose makes it of numbers and booleans; absent for null. */
export function textOf(tree: ScalarTree): string | undefined {
  const { value, written } = tree;
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return value === null ? undefined : formatGoNumber(value, written);
}

export const text: Decoder<string> = (tree, place) =>
  tree.kind === "scalar" ? textOf(tree) : mismatch(tree, place, "text");

/** An empty text says nothing, as docker compose has no other way to say that there is none. */
export const filledText: Decoder<string> = (tree, place) => text(tree, place) || undefined;

/** One of our own words; which ones the schema knows. */
export function word<W extends string>(words: readonly W[]): Decoder<W> {
  return (tree, place) => {
    const found = tree.kind === "scalar" ? words.find((each) => each === tree.value) : undefined;
    return found ?? (isNull(tree) ? undefined : mismatch(tree, place, `one of ${words.join(", ")}`));
  };
}

export const boolean: Decoder<boolean> = scalar({
  wanted: "true or false",
  code: "invalid-boolean",
  own: (value) => (typeof value === "boolean" ? value : undefined),
  parse: (value) => {
    const found = parseBoolean(value);
    return found.ok ? { ok: true, value: found.value.value } : found;
  },
});

/** docker compose cuts a fraction off without a word. */
export const integer: Decoder<number> = (tree, place) => {
  const value = number(tree, place);
  if (value === undefined || Number.isInteger(value)) return value;
  const message = `${place.key} is a whole number: ${value} is read as ${Math.trunc(value)}`;
  warn(tree, place, { code: "fraction-cut", message });
  return Math.trunc(value);
};

/** How often, or how many. */
export const count: Decoder<number> = (tree, place) => {
  const value = integer(tree, place);
  if (value === undefined || value >= 0) return value;
  return problem(tree, place, { code: "negative-number", message: `${place.key} cannot be negative, but is ${value}` });
};

const number: Decoder<number> = scalar({
  wanted: "a whole number",
  code: "invalid-integer",
  own: (value) => (isNumber(value) ? Number(value) : undefined),
  parse: parseInteger,
});

/** A number of processors, or another fraction that docker compose keeps in 32 bits. */
export const fraction: Decoder<number> = scalar({
  wanted: "a number",
  code: "invalid-number",
  own: (value) => (isNumber(value) ? roundCpus(Number(value)) : undefined),
  parse: parseCpus,
});

export const bytes: Decoder<number> = scalar({
  wanted: "a size",
  code: "invalid-size",
  own: (value) => (isNumber(value) ? Math.floor(Number(value)) : undefined),
  parse: parseBytes,
});

export const duration: Decoder<number> = scalar({
  wanted: 'a duration such as "10s"',
  code: "invalid-duration",
  own: () => undefined,
  parse: parseDuration,
});

/** A number is taken as it is (`0440` was octal for YAML already), a text is octal. */
export const fileMode: Decoder<number> = scalar({
  wanted: 'a file mode such as "0440"',
  code: "invalid-file-mode",
  own: (value) => (isNumber(value) ? Number(value) : undefined),
  parse: parseFileMode,
});

/** A count that may not be written as text: the mode of a tmpfs, a weight. */
export const plainCount: Decoder<number> = (tree, place) => {
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return count(tree, place);
  const hint = `remove the quotes: ${tree.value}`;
  const message = `${place.key} must be a whole number, but is the text "${tree.value}"`;
  return problem(tree, place, { code: "wrong-type", message, hint });
};

interface ScalarRule<T> {
  readonly wanted: string;
  readonly code: string;
  /** The value when YAML has already read it; absent: not of this type. */
  readonly own: (value: boolean | number | bigint) => T | undefined;
  readonly parse: (text: string) => Parsed<T>;
}

function scalar<T>({ wanted, code, own, parse }: ScalarRule<T>): Decoder<T> {
  return (tree, place) => {
    if (tree.kind !== "scalar") return mismatch(tree, place, wanted);
    if (tree.value === null) return undefined;
    if (typeof tree.value !== "string") return own(tree.value) ?? mismatch(tree, place, wanted);
    const found = parse(tree.value);
    return found.ok ? found.value : unreadable(tree, place, code, found);
  };
}

function isNumber(value: boolean | number | bigint): value is number | bigint {
  return typeof value !== "boolean";
}
