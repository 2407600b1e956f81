import { EngineError } from "../../model/error.ts";
import { composeLabels } from "../../model/labels.ts";
import { engineTime } from "../../model/time.ts";
import type { Connection } from "../connection.ts";
import type { Engine, EngineEvent, EventFilter, LogChunk, LogOptions } from "../engine.ts";
import { type RawStats, readStats } from "../read/stats.ts";
import { demultiplex, rawOutput } from "../transport/frames.ts";
import { guarded, jsonLines, textLines } from "../transport/json-lines.ts";

type StreamCalls = Pick<Engine, "logs" | "events" | "statsContainer">;

export function streamCalls(connection: Connection): StreamCalls {
  const { client, names } = connection;
  return {
    logs: (id, options, signal) => readLogs(connection, { ...options, id }, signal),
    events: (filter, signal) => subscribe(connection, filter, signal),
    async *statsContainer(id, { stream }, signal) {
      const origin = { operation: "read statistics", resource: names.resource(id), signal };
      const call = { ...origin, method: "GET", path: `/containers/${id}/stats`, query: { stream } } as const;
      for await (const raw of jsonLines(await client.stream(call), origin)) yield readStats(raw as RawStats);
    },
  };
}

/** Nothing is read ahead of who consumes: a slow reader slows the engine, and memory stays flat. */
async function* readLogs(
  { client, names }: Connection,
  options: LogOptions & { readonly id: string },
  signal: AbortSignal | undefined,
): AsyncGenerator<LogChunk> {
  const { id, follow, since, until, timestamps } = options;
  const origin = { operation: "read logs", resource: names.resource(id), signal };
  const query = { stdout: true, stderr: true, follow, since, until, timestamps, tail: options.tail ?? "all" };
  const answer = await client.stream({ ...origin, method: "GET", path: `/containers/${id}/logs`, query });
  yield* options.tty ? rawOutput(guarded(answer, origin)) : demultiplex(guarded(answer, origin));
}

async function subscribe(
  { client, info, sameClock }: Connection,
  filter: EventFilter,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<EngineEvent>> {
  const origin = { operation: "watch events", resource: "events", signal };
  const label = `${composeLabels.project}=${filter.project}`;
  const open = async (since: string | undefined): Promise<AsyncIterable<string>> => {
    const query = { since, until: filter.until, filters: { type: ["container"], label: [label] } };
    return textLines(await client.stream({ ...origin, method: "GET", path: "/events", query }), origin);
  };
  // The engine answers a moment before it listens. Asked for what happened since now it misses nothing in between;
  // only where its clock is ours, though: elsewhere we might be told of what is long past.
  const since = filter.since ?? (sameClock ? (Date.now() / 1000).toFixed(9) : undefined);
  const first = await open(since);
  return info.podman === true && filter.until === undefined
    ? readOn({ open, first, since })
    : readEvents(first, filter);
}

interface RawEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes?: Readonly<Record<string, string>> | null };
}

async function* readEvents(lines: AsyncIterable<string>, filter: EventFilter): AsyncGenerator<EngineEvent> {
  for await (const line of lines) yield readEvent(line);
  if (filter.until === undefined) throw closed();
}

interface Reopening {
  readonly open: (since: string | undefined) => Promise<AsyncIterable<string>>;
  readonly first: AsyncIterable<string>;
  readonly since: string | undefined;
}

/** Podman ends the stream whenever it begins the file anew that it keeps events in: every some thousand events. */
async function* readOn({ open, first, since }: Reopening): AsyncGenerator<EngineEvent> {
  let lines = first;
  let last = 0n;
  for (;;) {
    const openedAt = Date.now();
    const told = last;
    for await (const line of lines) {
      const event = readEvent(line);
      if (event.timeNano <= told) continue;
      last = event.timeNano;
      yield event;
    }
    if (last === told && Date.now() - openedAt < shortMs) throw closed();
    lines = await open(last === 0n ? since : engineTime(last));
  }
}

/** A stream that ends sooner, and has said nothing, has another reason. */
const shortMs = 100;

function readEvent(line: string): EngineEvent {
  const raw = JSON.parse(line) as RawEvent;
  return {
    action: raw.Action,
    containerId: raw.Actor.ID,
    attributes: new Map(Object.entries(raw.Actor.Attributes ?? {})),
    // Too many digits for a number: read from the text.
    timeNano: BigInt(/"timeNano":(\d+)/.exec(line)?.[1] ?? 0),
  };
}

function closed(): EngineError {
  return new EngineError("the engine has closed its stream of events", {
    status: 0,
    operation: "watch events",
    resource: "events",
    hint: "it may have been stopped or restarted; run the command again",
  });
}
