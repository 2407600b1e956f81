import type { Engine, EngineEvent, LogOptions } from "../../engine/engine.ts";
import { EngineError } from "../../model/error.ts";
import { composeLabels } from "../../model/labels.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import { type Exit, exitBook } from "./exits.ts";
import { type LogLine, logLines } from "./lines.ts";
import { mergeLogs } from "./merge.ts";
import { readOnwards, type Readings, sinceStart, startedAfter } from "./readings.ts";

/** How long an older line of a quiet container may take to overtake a newer one of another, while we follow. */
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
  /** Asked when nothing runs any more: a promise means that something will again, by the time it resolves. */
  readonly interrupted?: (() => Promise<void> | undefined) | undefined;
  /** Called once nothing can be missed any more: time to start containers. */
  readonly onSubscribed?: (() => void) | undefined;
  /** Told at once when a followed container ended; in the stream this comes behind the container's last line. */
  readonly onExit?: ((source: LogSource, exit: Exit) => void) | undefined;
}

/** A container as far as its log lines need it. */
export interface LogSource {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Who takes its place has the same. */
  readonly number?: number | undefined;
  readonly oneOff: boolean;
}

export type LogPiece =
  | { readonly kind: "lines"; readonly source: LogSource; readonly lines: readonly LogLine[] }
  | { readonly kind: "exited"; readonly source: LogSource; readonly exit: Exit };

/**
 * Lines of a project's containers in the order of the engine's time. With `follow` containers that start, restart or
 * are scaled up join by themselves; the stream ends when nothing that it follows is left.
 */
export async function* projectLogs(engine: Engine, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogPiece> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const merge = mergeLogs<LogSource>(request.follow ? reorderWindowMs : Number.POSITIVE_INFINITY);
  const readings: Readings = new Map();
  const exits = exitBook();
  let lost: Error | undefined;
  const onLost = (error: Error): void => void (lost ??= error);
  // `tail` is for what was there when we came: of what joins every line is wanted.
  const read = (source: LogSource, { alive, since }: ReadOptions): void =>
    merge.add(
      source,
      untilExit(
        readOnwards(readings, { id: source.id, since }, (from) =>
          readLines(
            engine,
            source,
            { ...request, ...(from !== undefined && { since: from, tail: undefined }), onLost },
            both,
          ),
        ),
        () => alive && exits.of(source.id),
      ),
    );
  const onExit = (source: LogSource, exit: Exit): void => {
    request.onExit?.(source, exit);
    exits.add(source.id, exit);
  };
  // Subscribed before the first container is read: what starts in between is not missed.
  const events = request.follow ? await engine.events({ project: request.project }, both) : undefined;
  const containers =
    events === undefined ? request.containers : await asTheyAre(engine, request, { signal: both, stop });
  request.onSubscribed?.();
  for (const container of containers) {
    if (request.wanted(container)) read(container, { alive: request.follow && isAlive(container) });
  }
  const following =
    events &&
    follow(engine, {
      request: { ...request, containers, onExit },
      events,
      read,
      left: (id) => exits.forget(id),
      signal: both,
    });
  void Promise.resolve(following)
    .catch(onLost)
    .then(() => {
      exits.close();
      merge.close();
    });
  try {
    for await (const { source, lines, last } of merge) {
      if (lines.length > 0) yield { kind: "lines", source, lines };
      const exit = last ? exits.take(source.id) : undefined;
      if (exit !== undefined) yield { kind: "exited", source, exit };
    }
    // The engine is gone. What was read by then has been shown; but that there is no more of it is no end.
    if (lost !== undefined && !both.aborted) throw lost;
  } finally {
    stop.abort();
  }
}

/** Who has ended since the containers were listed will not say so again, and who has started will not, either. */
async function asTheyAre(
  engine: Engine,
  { project, containers, hold }: LogRequest,
  { signal, stop }: { readonly signal: AbortSignal; readonly stop: AbortController },
): Promise<readonly ObservedContainer[]> {
  try {
    const now = await engine.listContainers({ project, all: true }, signal);
    // While somebody is bringing containers up, not all that are there are meant to be followed.
    return hold === undefined ? now : now.filter(({ id }) => containers.some((each) => each.id === id));
  } catch (error) {
    stop.abort();
    throw error;
  }
}

interface ReadOptions {
  /** Its exit is still to come. */
  readonly alive: boolean;
  readonly since?: string | undefined;
}

async function* untilExit(
  lines: AsyncIterable<readonly LogLine[]>,
  exit: () => Promise<void> | false,
): AsyncGenerator<readonly LogLine[]> {
  yield* lines;
  await exit();
}

async function* readLines(
  engine: Engine,
  source: LogSource,
  request: LogRequest & { readonly onLost: (error: Error) => void },
  signal: AbortSignal,
): AsyncGenerator<readonly LogLine[]> {
  try {
    const { tty } = await engine.inspectContainer(source.id, signal);
    const { follow, tail, since, until } = request;
    const options: LogOptions = { follow, tail, since, until, timestamps: true, tty };
    yield* logLines(engine.logs(source.id, options, signal));
  } catch (error) {
    if (signal.aborted) return;
    const failure = error instanceof Error ? error : new Error(String(error));
    if (isLostConnection(failure)) request.onLost(failure);
    else request.onUnreadable(source, failure);
  }
}

function absentIfGone(error: unknown): undefined {
  if (!(error instanceof EngineError) || error.status !== 404) throw error;
}

/** The engine itself gave no answer; everything else is about the one container. */
function isLostConnection(error: Error): boolean {
  return error instanceof EngineError && error.status === 0;
}

interface Following {
  readonly request: LogRequest;
  readonly events: AsyncIterable<EngineEvent>;
  readonly read: (source: LogSource, options: ReadOptions) => void;
  /** A container is gone without having said so. */
  readonly left: (id: string) => void;
  readonly signal: AbortSignal;
}

/** Ends when no container that we follow is left alive. */
async function follow(engine: Engine, { request, events, read, left, signal }: Following): Promise<void> {
  const alive = new Map(
    request.containers.filter((each) => request.wanted(each) && isAlive(each)).map((each) => [each.id, asSource(each)]),
  );
  const iterator = events[Symbol.asyncIterator]();
  const listen = (): Promise<IteratorResult<EngineEvent>> => {
    const heard = iterator.next();
    // Whoever awaits it hears of its failure; but we may end, or look at a container, while it is under way.
    heard.catch(() => {});
    return heard;
  };
  /** Containers whose start, or end, was told. */
  const told = new Set<string>();
  /** Made to take the place of others, and not started yet: those end only to come back. */
  const successors = new Set<string>();
  let expected: readonly string[] | undefined = request.hold === undefined ? [] : undefined;
  const released = Promise.resolve(request.hold ?? []).then(
    (started) => ({ started }),
    () => ({ started: [] }),
  );
  let next = listen();
  for (;;) {
    const isOver = expected?.every((id) => told.has(id)) === true && alive.size + successors.size === 0;
    const back = isOver ? request.interrupted?.() : undefined;
    if (isOver && back === undefined) return;
    const wakes = [...(expected === undefined ? [released] : []), ...(back === undefined ? [] : [back.then(again)])];
    const event = await (wakes.length === 0 ? next : Promise.race([next, ...wakes]));
    if (event === undefined) continue;
    if ("started" in event) expected = event.started;
    else if (event.done === true) return;
    else {
      next = listen();
      await take(engine, event.value, { request, read, left, alive, signal });
      const { action, containerId } = event.value;
      if (["start", "die", "destroy"].includes(action)) told.add(containerId);
      if (isSuccessor(event.value) && request.wanted(sourceOf(event.value, request.project)))
        successors.add(containerId);
      if (action === "start" || action === "destroy") successors.delete(containerId);
    }
  }
}

function again(): undefined {}

type Alive = Pick<Following, "request" | "read" | "left" | "signal"> & { readonly alive: Map<string, LogSource> };

async function take(engine: Engine, event: EngineEvent, state: Alive): Promise<void> {
  const { request, alive, read, signal } = state;
  if (event.action === "start") {
    const source = alive.get(event.containerId) ?? sourceOf(event, request.project);
    if (!request.wanted(source)) return;
    alive.set(source.id, source);
    const found = await engine.inspectContainer(source.id, signal).catch(absentIfGone);
    // One that was removed at once has left no lines; that it ended is still to come.
    if (found !== undefined) read(source, { alive: true, since: sinceStart(found, event) });
  } else if (event.action === "die" || event.action === "stop" || event.action === "destroy") {
    await leave(engine, event, state);
  }
}

function isSuccessor({ action, attributes }: EngineEvent): boolean {
  return action === "create" && attributes.has(composeLabels.replace);
}

/** The engine may restart what died; only its state tells. A stop in the pause between two tries brings no "die". */
async function leave(engine: Engine, event: EngineEvent, { request, alive, left, signal }: Alive): Promise<void> {
  const source = alive.get(event.containerId);
  if (source === undefined) return;
  const now =
    event.action === "destroy" ? undefined : await engine.inspectContainer(source.id, signal).catch(() => undefined);
  const restarting = now?.state === "restarting" || now?.state === "running" || startedAfter(now, event);
  if (!restarting) alive.delete(source.id);
  if (event.action === "destroy") return left(source.id);
  // The word of a stop may come before that of the end, or alone; while it runs again the end is told by itself.
  if (event.action === "stop" && restarting) return;
  request.onExit?.(source, { code: Number(event.attributes.get("exitCode") ?? now?.exitCode ?? 0), restarting });
}

function isAlive(container: ObservedContainer): boolean {
  return container.state === "running" || container.state === "restarting" || container.state === "paused";
}

function asSource({ id, name, service, number, oneOff }: ObservedContainer): LogSource {
  return { id, name, service, number, oneOff };
}

/** Events carry the container's labels among their attributes. */
function sourceOf(event: EngineEvent, project: string): LogSource {
  const { attributes } = event;
  return {
    id: event.containerId,
    name: attributes.get("name") ?? project,
    service: attributes.get(composeLabels.service) ?? "",
    number: Number(attributes.get(composeLabels.containerNumber)),
    oneOff: attributes.get(composeLabels.oneOff) === "True",
  };
}
