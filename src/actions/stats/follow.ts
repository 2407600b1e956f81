import type { Engine, EngineEvent, ResourceUse } from "../../engine/engine.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import type { ContainerStats } from "../stats.ts";

export interface FollowOptions {
  readonly engine: Engine;
  readonly project: string;
  /** Those of interest, as they are now. */
  readonly list: () => Promise<readonly ObservedContainer[]>;
  readonly signal: AbortSignal;
}

/** The engine samples each container about once a second, one after the other; who is late does not hold up the rest. */
const longestRoundMs = 1500;

/** One picture a round, until the signal; containers come and go as the engine says. */
export async function* followStats(options: FollowOptions): AsyncGenerator<readonly ContainerStats[]> {
  const { engine, project, list } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const rounds = roundsUntil(signal);
  const latest = new Map<string, ResourceUse>();
  const follow = async (id: string): Promise<void> => {
    try {
      for await (const use of engine.statsContainer(id, { stream: true }, signal)) {
        latest.set(id, use);
        rounds.arrived(id);
      }
    } catch {
      // It has ended or is gone: the list of containers tells which. Or we are to stop.
    }
    latest.delete(id);
    rounds.left(id);
  };
  let containers: readonly ObservedContainer[] = [];
  const look = async (): Promise<void> => {
    containers = await list();
    for (const { id, state } of containers) if (runs(state) && rounds.joined(id)) void follow(id);
  };
  try {
    const events = await engine.events({ project }, signal);
    await look();
    void watch(events, look).catch((error: unknown) => rounds.fail(error));
    do yield picture(containers, latest);
    while (await rounds.next());
  } finally {
    stop.abort();
  }
}

async function watch(events: AsyncIterable<EngineEvent>, look: () => Promise<void>): Promise<void> {
  for await (const { action } of events) if (changing.has(action)) await look();
}

const changing: ReadonlySet<string> = new Set(["create", "start", "die", "destroy", "rename"]);

function picture(
  containers: readonly ObservedContainer[],
  latest: ReadonlyMap<string, ResourceUse>,
): readonly ContainerStats[] {
  return containers.map((container) => ({
    container,
    use: latest.get(container.id) ?? (runs(container.state) ? undefined : nothing),
  }));
}

/** What is paused has its memory all the same. */
function runs(state: ObservedContainer["state"]): boolean {
  return state === "running" || state === "paused";
}

const nothing: ResourceUse = {
  cpuPercent: 0,
  memoryBytes: 0,
  memoryLimitBytes: 0,
  receivedBytes: 0,
  sentBytes: 0,
  readBytes: 0,
  writtenBytes: 0,
  processes: 0,
};

interface Rounds {
  /** False when it was there already. */
  joined(id: string): boolean;
  arrived(id: string): void;
  left(id: string): void;
  fail(error: unknown): void;
  /** When each has come, or has had its time; false when it is over. */
  next(): Promise<boolean>;
}

function roundsUntil(signal: AbortSignal): Rounds {
  const members = new Set<string>();
  const here = new Set<string>();
  let failure: { readonly error: unknown } | undefined;
  let settle: () => void = () => {};
  const check = (): void => {
    if (here.size > 0 && here.size >= members.size) settle();
  };
  return {
    joined(id) {
      if (members.has(id)) return false;
      members.add(id);
      return true;
    },
    arrived(id) {
      here.add(id);
      check();
    },
    left(id) {
      members.delete(id);
      here.delete(id);
      check();
    },
    fail(error) {
      failure = { error };
      settle();
    },
    async next() {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => settle(), longestRoundMs);
        settle = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", settle);
          resolve();
        };
        signal.addEventListener("abort", settle);
        if (signal.aborted || failure !== undefined) settle();
        else check();
      });
      here.clear();
      if (signal.aborted) return false;
      if (failure !== undefined) throw failure.error;
      return true;
    },
  };
}
