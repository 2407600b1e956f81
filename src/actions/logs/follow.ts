import type { Engine, EngineEvent, LogOptions } from "../../engine/engine.ts";
import { composeLabels } from "../../model/labels.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import { logLines } from "./lines.ts";
import { type SourcedLine, mergeLogs } from "./merge.ts";

/** How long an older line of a quiet container may take to overtake a newer one of another. */
const reorderWindowMs = 50;

export interface LogRequest {
  readonly project: string;
  /** Whose lines are wanted; asked again for containers that start while we follow. */
  readonly wanted: (container: LogSource) => boolean;
  readonly containers: readonly ObservedContainer[];
  readonly follow: boolean;
  readonly tail?: number | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Also containers that cannot be read (a logging driver that keeps nothing) are named here. */
  readonly onUnreadable: (source: LogSource, error: Error) => void;
  /**
   * While this is not settled, following goes on even if nothing runs (yet): somebody is bringing containers up.
   * Resolves with the ids of those that were started: word of that may still be on its way.
   */
  readonly hold?: Promise<readonly string[]> | undefined;
  /** Called once nothing can be missed any more: time to start containers. */
  readonly onSubscribed?: (() => void) | undefined;
  /** Told when a followed container ended for good, or will be started again by the engine. */
  readonly onExit?:
    | ((source: LogSource, exit: { readonly code: number; readonly restarting: boolean }) => void)
    | undefined;
}

/** A container as far as its log lines need it. */
export interface LogSource {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly oneOff: boolean;
}

export type ProjectLogLine = SourcedLine<LogSource>;

/**
 * Lines of a project's containers in the order of the engine's time. With `follow` containers that start, restart or
 * are scaled up join by themselves; the stream ends when nothing that it follows is left.
 */
export async function* projectLogs(
  engine: Engine,
  request: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<ProjectLogLine> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const merge = mergeLogs<LogSource>(reorderWindowMs);
  const read = (source: LogSource, since = request.since): void =>
    merge.add(source, readLines(engine, source, { ...request, since }, both));
  // Subscribed before the first container is read: what starts in between is not missed.
  const events = request.follow ? await engine.events({ project: request.project }, both) : undefined;
  request.onSubscribed?.();
  for (const container of request.containers) if (request.wanted(container)) read(container);
  if (events === undefined) merge.close();
  else
    void follow(engine, { request, events, read, signal: both }).then(
      () => merge.close(),
      () => merge.close(),
    );
  try {
    yield* merge;
  } finally {
    stop.abort();
  }
}

async function* readLines(
  engine: Engine,
  source: LogSource,
  request: LogRequest,
  signal: AbortSignal,
): ReturnType<typeof logLines> {
  try {
    const { tty } = await engine.inspectContainer(source.id, signal);
    const { follow, tail, since, until } = request;
    const options: LogOptions = { follow, tail, since, until, timestamps: true, tty };
    yield* logLines(engine.logs(source.id, options, signal));
  } catch (error) {
    if (signal.aborted) return;
    request.onUnreadable(source, error instanceof Error ? error : new Error(String(error)));
  }
}

interface Following {
  readonly request: LogRequest;
  readonly events: AsyncIterable<EngineEvent>;
  readonly read: (source: LogSource, since: string) => void;
  readonly signal: AbortSignal;
}

/** Ends when no container that we follow is left alive. */
async function follow(engine: Engine, { request, events, read, signal }: Following): Promise<void> {
  const alive = new Map(
    request.containers.filter((each) => request.wanted(each) && isAlive(each)).map((each) => [each.id, asSource(each)]),
  );
  const iterator = events[Symbol.asyncIterator]();
  /** Containers whose start, or end, was told. */
  const told = new Set<string>();
  let expected: readonly string[] | undefined = request.hold === undefined ? [] : undefined;
  const released = Promise.resolve(request.hold ?? []).then(
    (started) => ({ started }),
    () => ({ started: [] }),
  );
  let next = iterator.next();
  while (expected?.every((id) => told.has(id)) !== true || alive.size > 0) {
    const event = await (expected === undefined ? Promise.race([next, released]) : next);
    if ("started" in event) expected = event.started;
    else if (event.done === true) return;
    else {
      next = iterator.next();
      await take(engine, event.value, { request, read, alive, signal });
      if (["start", "die", "destroy"].includes(event.value.action)) told.add(event.value.containerId);
    }
  }
}

type Alive = Pick<Following, "request" | "read" | "signal"> & { readonly alive: Map<string, LogSource> };

async function take(engine: Engine, event: EngineEvent, state: Alive): Promise<void> {
  const { request, alive, read, signal } = state;
  if (event.action === "start") {
    const source = alive.get(event.containerId) ?? sourceOf(event, request.project);
    if (!request.wanted(source)) return;
    alive.set(source.id, source);
    const { startedAt } = await engine.inspectContainer(source.id, signal);
    read(source, unixTime(startedAt));
  } else if (event.action === "die" || event.action === "stop" || event.action === "destroy") {
    await leave(engine, event, state);
  }
}

/** The engine may restart what died; only its state tells. A stop in the pause between two tries brings no "die". */
async function leave(engine: Engine, event: EngineEvent, { request, alive, signal }: Alive): Promise<void> {
  const source = alive.get(event.containerId);
  if (source === undefined) return;
  const now =
    event.action === "destroy" ? undefined : await engine.inspectContainer(source.id, signal).catch(() => undefined);
  const restarting = now?.state === "restarting" || now?.state === "running";
  if (!restarting) alive.delete(source.id);
  if (event.action !== "die") return;
  request.onExit?.(source, { code: Number(event.attributes.get("exitCode") ?? now?.exitCode ?? 0), restarting });
}

function isAlive(container: ObservedContainer): boolean {
  return container.state === "running" || container.state === "restarting" || container.state === "paused";
}

function asSource({ id, name, service, oneOff }: ObservedContainer): LogSource {
  return { id, name, service, oneOff };
}

/** Events carry the container's labels among their attributes. */
function sourceOf(event: EngineEvent, project: string): LogSource {
  const { attributes } = event;
  return {
    id: event.containerId,
    name: attributes.get("name") ?? project,
    service: attributes.get(composeLabels.service) ?? "",
    oneOff: attributes.get(composeLabels.oneOff) === "True",
  };
}

/** "2026-01-01T00:00:00.5Z" → "1767225600.500000000", as the engine wants `since`; a Date would lose the nanoseconds. */
function unixTime(stamp: string): string {
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? "";
  return `${Math.floor(Date.parse(stamp) / 1000)}.${fraction.padEnd(9, "0")}`;
}
