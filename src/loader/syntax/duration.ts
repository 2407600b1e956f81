import { parsed, unparsed, type Parsed, type Unparsed } from "./parsed.ts";

const nanosecondsPer: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n], // U+00B5, the micro sign
  ["μs", 1_000n], // U+03BC, the Greek letter
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["d", 86_400_000_000_000n],
  ["w", 604_800_000_000_000n],
]);
const largest = 2n ** 63n - 1n;
const example = 'a duration looks like "1m30s", with the units ns, us, ms, s, m, h, d and w';

/** "1m30s" → 90000. The engine counts nanoseconds, so a millisecond may have a fraction. */
export function parseDuration(text: string): Parsed<number> {
  const sign = /^[+-]?/.exec(text)?.[0] ?? "";
  if (/^[+-]?0+$/.test(text)) return parsed(0);
  if (text.length === sign.length) return unparsed(`"${text}" is not a duration`, { hint: example });
  let total = 0n;
  const part = /(\d*)(?:\.(\d*))?([^\d.]*)/y;
  part.lastIndex = sign.length;
  while (part.lastIndex < text.length) {
    const offset = part.lastIndex;
    const match = part.exec(text);
    const [whole = "", digits = "", fraction = "", unit = ""] = match ?? [];
    const perUnit = nanosecondsPer.get(unit);
    if (digits === "" && fraction === "") return unparsed(`"${text}" is not a duration`, { hint: example });
    if (perUnit === undefined) return unknownUnit(text, { unit, offset, number: whole.length - unit.length });
    total += toNanoseconds(digits, fraction, perUnit);
    if (total > largest) return unparsed(`duration "${text}" is too long`, { hint: "the longest is about 292 years" });
  }
  const milliseconds = Number(total) / 1e6;
  return parsed(sign === "-" ? -milliseconds : milliseconds);
}

function toNanoseconds(digits: string, fraction: string, perUnit: bigint): bigint {
  // Nineteen digits hold the largest int64, so what lies beyond cannot matter, and a number of a million digits costs nothing.
  const whole = digits.replace(/^0+/, "");
  if (whole.length > 19) return largest + 1n;
  const part = fraction.slice(0, 18);
  return BigInt(whole || "0") * perUnit + (BigInt(part || "0") * perUnit) / 10n ** BigInt(part.length);
}

interface UnitPlace {
  readonly unit: string;
  readonly offset: number;
  /** Length of the number before the unit. */
  readonly number: number;
}

function unknownUnit(text: string, place: UnitPlace): Unparsed {
  if (place.unit === "") {
    const where = { offset: place.offset, length: place.number };
    return unparsed(`duration "${text}" has a number without a unit`, {
      hint: `${example}; did you mean "${text}s"?`,
      ...where,
    });
  }
  const where = { offset: place.offset + place.number, length: place.unit.length };
  return unparsed(`duration "${text}" has an unknown unit "${place.unit}"`, { hint: example, ...where });
}
