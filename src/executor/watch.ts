import { setTimeout as sleep } from "node:timers/promises";

import type { ContainerDetails, Engine, EngineEvent } from "../engine/engine.ts";
import { CancelledError, EngineError } from "../model/error.ts";
import { longestTimerMs } from "../model/time.ts";

/** What a look at a container says of a wait. `recheckAt`: nothing may happen until then, but then it counts. */
export type Verdict =
  | { readonly kind: "done"; readonly status: string }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "pending"; readonly text: string; readonly recheckAt?: number };

export interface WaitOptions {
  /** `last`: time is up, and what is not settled now never will be. */
  readonly judge: (container: ContainerDetails, moment?: "last") => Verdict;
  readonly onPending: (text: string) => void;
  /** An event that settles it without another look. */
  readonly doneBy?: { readonly action: string; readonly status: string } | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline?: number | undefined;
  readonly signal: AbortSignal;
  /** What is done has to stay so until everything is: this is who to name if it does not. */
  readonly vigil?: number | undefined;
}

type Settled = Exclude<Verdict, { kind: "pending" }>;

/** Waits for containers by the engine's events: one subscription for everybody who waits, no polling. */
export interface StateWatch extends AsyncDisposable {
  /** Resolves with the final verdict; a wait that takes too long fails with its last text. */
  until(id: string, options: WaitOptions): Promise<Settled>;
  /** Containers under vigil that something happened to since, and whose verdict is a failure by now. */
  relapses(): Promise<readonly Relapse[]>;
}

export interface Relapse {
  readonly vigil: number;
  readonly containerId: string;
  readonly message: string;
}

export function watchStates(engine: Engine, project: string): StateWatch {
  const closing = new AbortController();
  const listeners: Listeners = new Map();
  const vigils = new Map<string, { readonly options: WaitOptions; disturbed: boolean }>();
  let broken: unknown;
  let subscription: Promise<void> | undefined;

  // Subscribed before anybody looks at a container: what happens between the look and the wait is then not missed.
  const subscribe = async (): Promise<void> => {
    const events = await engine.events({ project }, closing.signal);
    void forward(events, (id, action) => {
      const vigil = vigils.get(id);
      if (vigil !== undefined && !action.startsWith("exec_")) vigil.disturbed = true;
      for (const ring of listeners.get(id) ?? []) ring(action);
    })
      .then(
        () => (broken = lostConnection()),
        (error: unknown) => (broken = error),
      )
      .then(() => wakeAll(listeners));
  };

  const done = (id: string, options: WaitOptions, status = options.doneBy?.status ?? ""): Settled => {
    if (options.vigil !== undefined) vigils.set(id, { options, disturbed: false });
    return { kind: "done", status };
  };

  return {
    async until(id, options) {
      await (subscription ??= subscribe());
      let moment: "last" | undefined;
      let said = "";
      for (;;) {
        const bell = nextEvent(listeners, id);
        try {
          if (broken !== undefined) throw broken;
          const container = await inspectSettled(engine, id, options.signal);
          const verdict = options.judge(container, moment);
          if (verdict.kind === "done") return done(id, options, verdict.status);
          if (verdict.kind === "failed") return verdict;
          if (moment === "last") return { kind: "failed", message: `${verdict.text}, and time is up` };
          if (verdict.text !== said) options.onPending(verdict.text);
          said = verdict.text;
          const heard = await bell.wait(options, verdict.recheckAt ?? soon(container));
          if (heard === options.doneBy?.action) return done(id, options);
          if (heard === "late") moment = "last";
        } finally {
          bell.stop();
        }
      }
    },
    async relapses() {
      const disturbed = [...vigils].filter(([, vigil]) => vigil.disturbed);
      const found = await Promise.all(
        disturbed.map(async ([containerId, { options }]): Promise<readonly Relapse[]> => {
          const { vigil, judge, signal } = options;
          const message = await failureOf(engine, containerId, { judge, signal });
          return message === undefined || vigil === undefined ? [] : [{ vigil, containerId, message }];
        }),
      );
      return found.flat();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await subscription?.catch(() => {});
    },
  };
}

/** Where changes come without an event there is nothing but to look again. */
function soon({ silent }: ContainerDetails): number | undefined {
  return silent === true ? Date.now() + 500 : undefined;
}

/** The engine hears of the end of a container from one place, and that it was the memory from another. */
const lateWordMs = 300;

async function inspectSettled(engine: Engine, id: string, signal: AbortSignal): Promise<ContainerDetails> {
  const container = await engine.inspectContainer(id, signal);
  const { state, exitCode, outOfMemory } = container;
  if (state !== "exited" || exitCode !== killed || outOfMemory) return container;
  await sleep(lateWordMs);
  return engine.inspectContainer(id, signal);
}

/** As the exit code of what SIGKILL ended. */
const killed = 137;

async function failureOf(
  engine: Engine,
  id: string,
  { judge, signal }: Pick<WaitOptions, "judge" | "signal">,
): Promise<string | undefined> {
  try {
    const verdict = judge(await inspectSettled(engine, id, signal));
    return verdict.kind === "failed" ? verdict.message : undefined;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return "was removed";
    throw error;
  }
}

/** Each health check that ends is told of, but looked at no more often than people read. */
const probesEveryMs = 1000;

async function forward(events: AsyncIterable<EngineEvent>, tell: (id: string, action: string) => void): Promise<void> {
  const began = Date.now();
  const probedAt = new Map<string, number>();
  for await (const { action, containerId } of events) {
    if (action.startsWith("exec_")) {
      const now = Date.now();
      const due = action.startsWith("exec_die") && now - (probedAt.get(containerId) ?? began) >= probesEveryMs;
      if (!due) continue;
      probedAt.set(containerId, now);
    }
    tell(containerId, action);
  }
}

function wakeAll(listeners: Listeners): void {
  for (const each of listeners.values()) for (const ring of each) ring("");
}

function lostConnection(): EngineError {
  return new EngineError("the engine closed the connection while we waited", {
    status: 0,
    operation: "wait",
    resource: "events",
  });
}

/** Container id → who waits for its next event; told which one it was. */
type Listeners = Map<string, Set<(action: string) => void>>;

interface Bell {
  /** Resolves with the event's action, "" when it is time to look without one, "late" when time is up. */
  wait(options: WaitOptions, recheckAt: number | undefined): Promise<string>;
  stop(): void;
}

/** Rings at the next event of the container, also one that came since the bell was made. */
function nextEvent(listeners: Listeners, id: string): Bell {
  let ring: (action: string) => void = () => {};
  const rung = new Promise<string>((settle) => (ring = settle));
  const own = listeners.get(id) ?? new Set();
  listeners.set(id, own.add(ring));
  return {
    wait: (options, recheckAt) => waitFor(rung, options, recheckAt),
    stop: () => void own.delete(ring),
  };
}

/** The timer is no poll: it is set once, to the instant at which the answer changes by itself. */
function waitFor(rung: Promise<string>, options: WaitOptions, recheckAt: number | undefined): Promise<string> {
  return new Promise((settle, fail) => {
    const { deadline, signal } = options;
    const at = Math.min(deadline ?? Infinity, recheckAt ?? Infinity);
    const timeUp = deadline !== undefined && at === deadline ? "late" : "";
    const left = Math.max(0, at - Date.now());
    // A time that is too far away for a timer only means to look again until then.
    const [soonest, word] = left > longestTimerMs ? [longestTimerMs, ""] : [left, timeUp];
    const timer = at === Infinity ? undefined : setTimeout(() => finish(() => settle(word)), soonest);
    const abort = (): void => finish(() => fail(new CancelledError()));
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      end();
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    void rung.then((action) => finish(() => settle(action)));
  });
}
