import { isFloatText } from "./yaml-scalar.ts";

/**
 * The text that docker compose makes of a number where it wants a string (`environment`, `labels`): Go's `%v`.
 * `written` is the number as it stands in the file, because 1000000 stays "1000000" while 1000000.0 becomes "1e+06".
 */
export function formatGoNumber(value: number | bigint, written?: string): string {
  if (typeof value === "bigint") return value.toString();
  const isFloat = written === undefined ? !Number.isSafeInteger(value) : isFloatText(written);
  return isFloat ? formatGoFloat(value) : String(value);
}

/** Fewest digits that read back the same; scientific from a million up and below 0.0001. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  // Within these bounds JavaScript, too, writes a number without an exponent.
  if (exponent >= -4 && exponent < 6) return String(value);
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${magnitude}`;
}
