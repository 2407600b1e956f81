import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { EngineAddress } from "../library/options.ts";

export interface Guarded {
  readonly projectName: string;
  readonly engine: EngineAddress;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a small process that outlives this one, and takes the project down when this one has ended without doing so:
 * it hears of that by the end of the channel between them, however it came about.
 */
export function guard(guarded: Guarded): { readonly done: () => void } {
  // The compiled file: Node runs it as it is.
  const reaper = fork(fileURLToPath(new URL("./reaper.js", import.meta.url)), [], {
    // Ctrl-C in a terminal is for everybody in the group.
    detached: true,
    execArgv: [],
    env: guarded.env,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // Without it there is the next run, which sweeps.
  reaper.on("error", () => {});
  reaper.send(guarded, () => {});
  reaper.unref();
  reaper.channel?.unref();
  return {
    done() {
      if (reaper.connected) reaper.send("done", () => {});
    },
  };
}
