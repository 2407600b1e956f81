import { UsageError } from "./error.ts";

/**
 * A point in time as people write it after `--since`: a date, seconds since the epoch, or how long ago ("10m", "1h30m").
 * The engine wants seconds with a fraction.
 */
export function parseMoment(text: string, nowMs: number): string {
  if (/^\d+(\.\d{1,9})?$/.test(text)) return text;
  const ago = agoMs(text);
  if (ago !== undefined) return ((nowMs - ago) / 1000).toFixed(9);
  // A date without a zone is local time; nanoseconds are more than Date keeps.
  const time = /^\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\d(\.\d+)?)?)?)?(Z|[+-]\d\d:?\d\d)?$/.test(text)
    ? Date.parse(normalised(text))
    : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(`"${text}" is no point in time`, "write 2026-01-31T12:00:00Z, or how long ago: 10m, 1h30m");
  }
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  return `${Math.floor(time / 1000)}.${fraction.slice(0, 9).padEnd(9, "0")}`;
}

/** What is further away than this, Node's timers take for now. */
export const longestTimerMs: number = 2 ** 31 - 1;

const unitsMs: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 1e-6,
};

function agoMs(text: string): number | undefined {
  if (!/^(\d+(\.\d*)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s|us|µs|ns)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (unitsMs[unit ?? ""] ?? 0), 0);
}

/** Date reads a bare day as UTC, and an hour without minutes not at all. */
function normalised(text: string): string {
  const [, day = "", clock = "", zone = ""] = /^(.{10})(?:T(.*?))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  const [hours = "00", minutes = "00", seconds = "00"] = clock === "" ? [] : clock.split(":");
  return `${day}T${hours}:${minutes}:${seconds}${zone}`;
}

/** Nanoseconds since the epoch as the engine takes them for `since`: "1767225600.500000000". */
export function engineTime(nano: bigint): string {
  const digits = String(nano);
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
