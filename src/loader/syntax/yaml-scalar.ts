/** What a plain (unquoted) YAML scalar means. */
export type ResolvedScalar =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** A bigint where a double would not be exact. */
  | { readonly kind: "integer"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string" };

const string: ResolvedScalar = { kind: "string" };
const words: ReadonlyMap<string, ResolvedScalar> = new Map<string, ResolvedScalar>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { kind: "null" }] as const),
  ...["true", "True", "TRUE"].map((word) => [word, { kind: "boolean", value: true }] as const),
  ...["false", "False", "FALSE"].map((word) => [word, { kind: "boolean", value: false }] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, { kind: "float", value: Number.NaN }] as const),
  ...[".inf", ".Inf", ".INF"].flatMap((word) => [
    [word, { kind: "float", value: Infinity }] as const,
    [`+${word}`, { kind: "float", value: Infinity }] as const,
    [`-${word}`, { kind: "float", value: -Infinity }] as const,
  ]),
]);

/** The longest text that is tried as a number: exact up to here, and no work for a megabyte of digits. */
const longestNumber = 400;
const smallest = -(2n ** 63n);
const largest = 2n ** 64n - 1n;

/**
 * The scalar rules of docker compose's YAML reader: YAML 1.2's core schema with leftovers of 1.1. `010` is octal and
 * `1_000` a number, but `yes` and `22:22` are strings. Dates stay the text they are.
 */
export function resolveScalar(text: string): ResolvedScalar {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(text) || text.length > longestNumber) return string;
  if (text.startsWith(".")) return /_$|__|\._|_[^\d]/.test(text) ? string : float(text.replaceAll("_", ""));
  const plain = text.replaceAll("_", "");
  const integer = parseLiteral(plain);
  return integer === undefined ? float(plain) : { kind: "integer", value: integer };
}

/** Whether a number is spelled as a float: `1e3` and `1.0`, and integers too large to be one. */
export function isFloatText(text: string): boolean {
  return resolveScalar(text).kind === "float";
}

function parseLiteral(text: string): number | bigint | undefined {
  const match = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const digits =
    (hexadecimal && `0x${hexadecimal}`) || (binary && `0b${binary}`) || (octal && `0o${octal}`) || (decimal ?? "");
  const magnitude = Number(digits);
  if (Number.isSafeInteger(magnitude)) return sign === "-" && magnitude !== 0 ? -magnitude : magnitude;
  const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
  return value < smallest || value > largest ? undefined : value;
}

function float(text: string): ResolvedScalar {
  if (!/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return string;
  const value = Number(text);
  return Number.isFinite(value) ? { kind: "float", value } : string;
}
