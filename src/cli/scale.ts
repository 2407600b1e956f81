import { UsageError } from "../model/error.ts";

/** `--scale web=3 --scale db=1`; the last one counts. */
export function parseScale(pairs: readonly string[], flagName: string): ReadonlyMap<string, number> {
  return new Map(pairs.map((pair) => parsePair(pair, flagName)));
}

function parsePair(pair: string, flagName: string): [string, number] {
  const [, service, count] = /^([^=]+)=(\d+)$/.exec(pair) ?? [];
  if (service !== undefined && count !== undefined) return [service, Number(count)];
  throw new UsageError(`invalid ${flagName} "${pair}"`, "write SERVICE=NUMBER, for example web=3");
}
