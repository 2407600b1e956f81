import { parseInteger } from "./integer.ts";
import { unparsed, type Parsed } from "./parsed.ts";

/** One limit as text; the engine knows -1 as "no limit", and no word for it. */
export function parseUlimit(text: string): Parsed<number> {
  if (/^(unlimited|infinity)$/i.test(text))
    return unparsed(`"${text}" is not a limit`, { hint: "for no limit write -1" });
  return parseInteger(text);
}
