import { parsed, unparsed, type Parsed } from "./parsed.ts";

/** A number of processors written as text: "0.5", "1e-1". */
export function parseCpus(text: string): Parsed<number> {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(Math.fround(Number(text))))
    return unparsed(`"${text}" is not a number`, { hint: 'write a number of processors, such as "0.5"' });
  return parsed(roundCpus(Number(text)));
}

/**
 * docker compose keeps processors in 32 bits, and its config hash shows it: 16777217 becomes 16777216.
 * Of the numbers that share the 32-bit value this is the one with the fewest digits, so 0.55 stays 0.55.
 */
export function roundCpus(value: number): number {
  const rounded = Math.fround(value);
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(rounded.toPrecision(digits));
    if (Math.fround(shorter) === rounded) return shorter;
  }
  return rounded;
}
