import type { StepKind } from "../model/plan.ts";

/** How a step loads the engine. "call": it works at once. "transfer": network or builder. "wait": it mostly waits. */
type Load = "call" | "transfer" | "wait";

const loads: { readonly [K in StepKind]: Load } = {
  "image.pull": "transfer",
  "image.build": "transfer",
  "image.push": "transfer",
  "image.remove": "call",
  "network.create": "call",
  "network.remove": "call",
  "network.connect": "call",
  "network.disconnect": "call",
  "volume.create": "call",
  "volume.remove": "call",
  "container.create": "call",
  "container.files": "call",
  "container.start": "call",
  "container.await": "wait",
  // A stop waits for the container's grace period: ten that ignore SIGTERM must not hold up the others.
  "container.stop": "wait",
  "container.kill": "call",
  "container.restart": "wait",
  "container.pause": "call",
  "container.unpause": "call",
  "container.rename": "call",
  "container.remove": "call",
  "hook.exec": "wait",
  "hook.run": "wait",
  "model.prepare": "wait",
  "provider.run": "wait",
};

/** What is not hung up on: what works at once, and what leaves a container running at its end. */
export function isSeenThrough(kind: StepKind): boolean {
  return loads[kind] === "call" || kind === "container.restart";
}

/** On two cores an engine is quickest with four to eight calls at a time; more only queue inside of it. */
const defaultWidths = { call: 8, transfer: 8, wait: Infinity };

/** Gives out turns. `parallel` is the user's own limit, over everything but waiting. */
export interface Limiter {
  tryTake(kind: StepKind): boolean;
  giveBack(kind: StepKind): void;
}

export function limiter(parallel: number | undefined): Limiter {
  const user = parallel === undefined || parallel < 1 ? Infinity : parallel;
  const widths = {
    call: Math.min(defaultWidths.call, user),
    transfer: Math.min(defaultWidths.transfer, user),
    wait: defaultWidths.wait,
  };
  const taken = { call: 0, transfer: 0, wait: 0 };
  return {
    tryTake(kind) {
      const load = loads[kind];
      if (taken[load] >= widths[load]) return false;
      taken[load] += 1;
      return true;
    },
    giveBack: (kind) => void (taken[loads[kind]] -= 1),
  };
}
