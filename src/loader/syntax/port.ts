import type { Port } from "../../model/project.ts";
import { isIpv4, isIpv6 } from "./ip-address.ts";
import { parsed, unparsed, type Parsed, type Unparsed } from "./parsed.ts";

const form = "[[HOST_IP:]PUBLISHED:]TARGET[/PROTOCOL]";
const protocols = ["tcp", "udp", "sctp"];

/** "127.0.0.1:8000-8001:80-81/udp" → one entry per target port, or one for a range published on a single target. */
export function parsePort(text: string): Parsed<readonly Port[]> {
  const [address = "", protocolText = ""] = text.split("/");
  const protocol = (protocolText || "tcp").toLowerCase();
  if (!protocols.includes(protocol)) {
    const hint = "use tcp, udp or sctp";
    const place = { offset: address.length + 1, length: protocolText.length };
    return unparsed(`port "${text}" has an unknown protocol "${protocolText}"`, { hint, ...place });
  }
  const fields = splitAddress(address);
  const host = parseHost(text, fields.host);
  if (!host.ok) return host;
  const target = parseRange(text, fields.target);
  if (!target.ok) return target;
  const published = fields.published.text === "" ? undefined : parseRange(text, fields.published);
  if (published?.ok === false) return published;
  const entries = pair(target.value, published?.value);
  if (entries === undefined) return mismatch(text, fields);
  const shared = { mode: "ingress", ...(host.value !== "" && { host_ip: host.value }) };
  return parsed(entries.map((entry) => ({ ...shared, ...entry, protocol })));
}

interface Field {
  readonly text: string;
  readonly offset: number;
}

interface AddressFields {
  readonly host: Field;
  readonly published: Field;
  readonly target: Field;
}

/** The last two colons separate; whatever stands before them is the host's address. */
function splitAddress(address: string): AddressFields {
  const last = address.lastIndexOf(":");
  const before = last === -1 ? -1 : address.lastIndexOf(":", last - 1);
  const field = (start: number, end: number): Field => ({ text: address.slice(start, end), offset: start });
  return {
    host: before === -1 || last === 0 ? field(0, 0) : field(0, before),
    published: last === -1 ? field(0, 0) : field(last === 0 ? 0 : before + 1, last),
    target: field(last + 1, address.length),
  };
}

function parseHost(spec: string, host: Field): Parsed<string> {
  if (host.text === "" || host.text === "[]") return parsed("");
  const inner = host.text.startsWith("[") && host.text.endsWith("]") ? host.text.slice(1, -1) : undefined;
  const address = inner ?? host.text;
  if (isIpv4(address) || (inner !== undefined && isIpv6(inner) && !inner.includes("%"))) return parsed(address);
  const hint = isIpv6(host.text)
    ? `write an IPv6 address in brackets: "[${host.text}]${spec.slice(host.offset + host.text.length)}"`
    : "before the published port may stand an IPv4 address, or an IPv6 address in brackets";
  const place = { offset: host.offset, length: host.text.length };
  return unparsed(`port "${spec}" has an invalid host address "${host.text}"`, { hint, ...place });
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

function parseRange(spec: string, field: Field): Parsed<PortRange> {
  const { text, offset } = field;
  const problem = (what: string, hint?: string): Unparsed =>
    unparsed(`port "${spec}" ${what}`, { hint: hint ?? `write it as ${form}`, offset, length: text.length });
  if (text === "") return problem("has no container port");
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return problem(`has an invalid port "${text}"`);
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (last > 65_535 || first > 65_535) return problem(`has a port above 65535`, "ports go from 1 to 65535");
  if (first > last) return problem(`has a reversed range "${text}"`, `write it as "${last}-${first}"`);
  return parsed({ first, last });
}

type Entry = Pick<Port, "target" | "published">;

/** Absent: the two ranges do not fit each other. */
function pair(target: PortRange, published: PortRange | undefined): readonly Entry[] | undefined {
  const count = target.last - target.first + 1;
  const targets = Array.from({ length: count }, (_, index) => target.first + index);
  if (published === undefined) return sortByText(targets.map((port) => ({ target: port })));
  const publishedCount = published.last - published.first + 1;
  if (publishedCount === count)
    return sortByText(targets.map((port, index) => ({ target: port, published: String(published.first + index) })));
  // The engine picks a free port of the range.
  if (count === 1) return [{ target: target.first, published: `${published.first}-${published.last}` }];
  return undefined;
}

/** docker compose sorts the entries of a range as texts, and the order shows in the config hash. */
function sortByText(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((left, right) => (String(left.target) < String(right.target) ? -1 : 1));
}

function mismatch(text: string, fields: AddressFields): Unparsed {
  const { published, target } = fields;
  return unparsed(`port "${text}" publishes ${published.text} for ${target.text}, a range of another length`, {
    hint: "give both ranges the same length, or a single container port",
    offset: published.offset,
    length: target.offset + target.text.length - published.offset,
  });
}
