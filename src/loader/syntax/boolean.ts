import { parsed, unparsed, type Parsed } from "./parsed.ts";

export interface ParsedBoolean {
  readonly value: boolean;
  /** Written as "yes", "on" …, which YAML 1.2 no longer reads as a boolean: worth a warning. */
  readonly legacy: boolean;
}

const booleans: ReadonlyMap<string, ParsedBoolean> = new Map<string, ParsedBoolean>([
  ["true", { value: true, legacy: false }],
  ["false", { value: false, legacy: false }],
  ...["y", "yes", "on"].map((word) => [word, { value: true, legacy: true }] as const),
  ...["n", "no", "off"].map((word) => [word, { value: false, legacy: true }] as const),
]);

export function parseBoolean(text: string): Parsed<ParsedBoolean> {
  const found = booleans.get(text.toLowerCase());
  return found === undefined ? unparsed(`"${text}" is not a boolean`, { hint: "use true or false" }) : parsed(found);
}
