import type { ContainerDetails, EngineEvent } from "../../engine/engine.ts";
import { engineTime } from "../../model/time.ts";
import type { LogLine } from "./lines.ts";

/** How far a container was read. */
interface Reading {
  last: string | undefined;
  readonly over: Promise<void>;
}

/** By container id. */
export type Readings = Map<string, Reading>;

type Open = (since: string | undefined) => AsyncIterable<readonly LogLine[]>;

/**
 * Each life of a container is read when word of its start comes. By then it may have ended, and another one begun: what
 * is read one after the other, and from where the last one came to, is read once.
 */
export function readOnwards(
  readings: Readings,
  { id, since }: { readonly id: string; readonly since: string | undefined },
  open: Open,
): AsyncIterable<readonly LogLine[]> {
  const before = readings.get(id);
  let end: () => void = () => {};
  const own: Reading = { last: undefined, over: new Promise((settle) => (end = settle)) };
  readings.set(id, own);
  return (async function* () {
    try {
      await before?.over;
      own.last = before?.last;
      const after = own.last === undefined ? "" : justAfter(own.last);
      for await (const lines of open(since === undefined || since > after ? since : after)) {
        own.last = lines.at(-1)?.time ?? own.last;
        yield lines;
      }
    } finally {
      end();
    }
  })();
}

/** How long before the start is told its process may have written. */
const earlierNano = 1_000_000_000n;

/** How late engines before 25 take the time of a start: when the process has begun, and perhaps written. */
const lateNano = 150_000_000n;

/** Since when lines are of the life whose start is told; of what has been started again only the later one is known. */
export function sinceStart(
  { state, startedAt, finishedAt }: Pick<ContainerDetails, "state" | "startedAt" | "finishedAt">,
  { timeNano }: Pick<EngineEvent, "timeNano">,
): string {
  const [started, finished] = [nanoengineTime(startedAt), nanoengineTime(finishedAt)];
  if (started > timeNano) return engineTime(timeNano - earlierNano);
  const earliest = started - lateNano;
  // While it runs, the end that is known is that of the life before. It may be over before its start is taken.
  return engineTime(state === "running" && finished > earliest ? finished : earliest);
}

/** Whether what is told of has been started again since. */
export function startedAfter(container: ContainerDetails | undefined, { timeNano }: EngineEvent): boolean {
  return container !== undefined && nanoengineTime(container.startedAt) > timeNano;
}

function justAfter(stamp: string): string {
  return engineTime(nanoengineTime(stamp) + 1n);
}

/** A Date would lose most of the digits. */
function nanoengineTime(stamp: string): bigint {
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? "";
  return BigInt(`${Math.floor((Date.parse(stamp) || 0) / 1000)}${fraction.padEnd(9, "0")}`);
}
