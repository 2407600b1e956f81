import { parsed, unparsed, type Parsed } from "./parsed.ts";

const exponentOf: ReadonlyMap<string, number> = new Map([
  ["", 0],
  ["b", 0],
  ["k", 1],
  ["m", 2],
  ["g", 3],
  ["t", 4],
  ["p", 5],
]);
const units = 'write a whole number of bytes, or a number with b, k, m, g, t or p: "512m"';
const largest = 2 ** 63;

/** "1.5g" → 1610612736; every unit is a power of 1024, as in docker's own flags. */
export function parseBytes(text: string): Parsed<number> {
  if (text === "-1") return parsed(-1);
  const match = /^\+?(\d[\d_]*(?:\.\d*)?|\.\d+)(e[+-]?\d+)? ?([a-z]*)$/i.exec(text);
  if (match === null) return unparsed(`"${text}" is not a size`, { hint: units });
  const [, digits = "", exponent = "", suffix = ""] = match;
  // "kb" and "KiB" say the same as "k"; "b" alone stands for itself.
  const unit = suffix.toLowerCase().replace(/^([kmgtp])i?b$/, "$1");
  const power = exponentOf.get(unit);
  if (power === undefined) {
    const where = { offset: text.length - suffix.length, length: suffix.length };
    return unparsed(`size "${text}" has an unknown unit "${suffix}"`, { hint: units, ...where });
  }
  const size = Math.trunc(Number(digits.replaceAll("_", "") + exponent) * 1024 ** power);
  if (size > largest) return unparsed(`size "${text}" is too large`, { hint: "the largest is 8191p" });
  return parsed(size);
}
