import { parsed, unparsed, type Parsed } from "./parsed.ts";

export interface ExtraHost {
  readonly host: string;
  readonly addresses: readonly string[];
}

/** "host=address,address" or "host:address"; an IPv6 address may stand in brackets. */
export function parseExtraHost(text: string): Parsed<ExtraHost> {
  const separator = text.includes("=") ? text.indexOf("=") : text.indexOf(":");
  if (separator === -1)
    return unparsed(`extra host "${text}" has no address`, { hint: `write it as "${text}=ADDRESS"` });
  const host = parseHostName(text.slice(0, separator));
  if (!host.ok) return { ...host, offset: 0, length: separator };
  const addresses = text.slice(separator + 1).split(",");
  return parsed({ host: host.value, addresses: addresses.map(stripBrackets) });
}

/** The key of the map form. */
export function parseHostName(text: string): Parsed<string> {
  if (text === "") return unparsed("an extra host has an empty name", { hint: 'write it as "HOST=ADDRESS"' });
  if (/[:=]/.test(text)) return unparsed(`"${text}" is not a host name`, { hint: 'a host name has no ":" and no "="' });
  return parsed(text);
}

/** "[::1]" → "::1". */
export function stripBrackets(address: string): string {
  return address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address;
}
