import type { Engine } from "../engine/engine.ts";

/** Signals that reach us, by name; gives back how to stop listening. */
export type OnSignal = (listener: (name: string) => void) => () => void;

export interface PassSignals {
  readonly onSignal: OnSignal;
  /** Signals that come before the process has begun reach it then. */
  readonly ready?: Promise<unknown>;
  /** The first that asks to come to an end. */
  readonly onEnd?: () => void;
  /** There was a terminal, and it is gone. */
  readonly onHangup?: (() => void) | undefined;
  /** The third: the process does not listen, and somebody is losing patience. */
  readonly onInsist: () => void;
}

const ending = new Set(["SIGINT", "SIGTERM"]);
const patience = 3;

/** What we are told the process in the container is told. */
export function passSignals(engine: Engine, container: string, options: PassSignals): () => void {
  const { onSignal, ready = Promise.resolve(), onEnd, onHangup, onInsist } = options;
  let asked = 0;
  return onSignal((name) => {
    if (ending.has(name)) asked += 1;
    if (asked >= patience) return onInsist();
    // One that has just ended needs no signal any more.
    void ready.then(() => engine.killContainer(container, name)).catch(() => {});
    if (asked === 1 && ending.has(name)) onEnd?.();
    if (name === "SIGHUP") onHangup?.();
  });
}
