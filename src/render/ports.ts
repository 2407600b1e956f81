import type { ObservedPort } from "../model/observed.ts";

/** "0.0.0.0:8080->80/tcp, 443/tcp": the docker CLI's column, with neighbours of equal number on both sides as a range. */
export function formatPorts(ports: readonly ObservedPort[]): string {
  const ranges = new Map<string, Range>();
  const closed: string[] = [];
  const mapped: string[] = [];
  for (const port of ports.toSorted(compare)) {
    const { hostIp, target, published, protocol } = port;
    if (hostIp !== undefined && published !== target) {
      mapped.push(`${hostPort(hostIp, String(published ?? 0))}->${target}/${protocol}`);
      continue;
    }
    const key = `${hostIp ?? ""}/${protocol}`;
    const range = ranges.get(key);
    if (range !== undefined && target === range.last + 1) range.last = target;
    else {
      if (range !== undefined) closed.push(formatRange(range));
      ranges.set(key, { hostIp, protocol, first: target, last: target });
    }
  }
  return [...closed, ...[...ranges.values()].map(formatRange), ...mapped].join(", ");
}

/** "127.0.0.1:80", "[::1]:80" */
export function hostPort(host: string, port: string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Range {
  readonly hostIp: string | undefined;
  readonly protocol: string;
  readonly first: number;
  last: number;
}

function formatRange({ hostIp, protocol, first, last }: Range): string {
  const numbers = first === last ? String(first) : `${first}-${last}`;
  return `${hostIp === undefined ? numbers : `${hostPort(hostIp, numbers)}->${numbers}`}/${protocol}`;
}

function compare(one: ObservedPort, other: ObservedPort): number {
  if (one.target !== other.target) return one.target - other.target;
  const [left, right] = [one.hostIp ?? "", other.hostIp ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return (one.published ?? 0) - (other.published ?? 0) || (one.protocol < other.protocol ? -1 : 1);
}
