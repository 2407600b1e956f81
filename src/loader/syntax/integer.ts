import { parsed, unparsed, type Parsed } from "./parsed.ts";

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** Decimal digits with an optional sign; no units, no other bases. */
export function parseInteger(text: string): Parsed<number> {
  if (!/^[+-]?\d+$/.test(text))
    return unparsed(`"${text}" is not a whole number`, { hint: "write digits only, such as 10" });
  const digits = text.replace(/^([+-]?)0+(?=\d)/, "$1");
  const value = digits.length > 20 ? largest + 1n : BigInt(digits.replace("+", ""));
  if (value < smallest || value > largest) return unparsed(`"${text}" is too large a number`);
  return parsed(Number(value));
}
