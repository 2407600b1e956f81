import { parsed, unparsed, type Parsed } from "./parsed.ts";

/** "0440" or "440" → 0o440: text is octal whether or not it starts with a zero. */
export function parseFileMode(text: string): Parsed<number> {
  if (!/^\+?[0-7]{1,12}$/.test(text))
    return unparsed(`"${text}" is not a file mode`, { hint: 'write octal digits, such as "0440"' });
  return parsed(Number.parseInt(text, 8));
}
