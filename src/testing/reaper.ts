// Runs beside a test process; see guard.ts.
import { setTimeout as sleep } from "node:timers/promises";

import { openCompose } from "../library/open-compose.ts";
import type { Guarded } from "./guard.ts";

let guarded: Guarded | undefined;

process.on("message", (message: Guarded | "done") => {
  guarded = message === "done" ? undefined : message;
  if (message === "done") process.disconnect();
});

process.on("disconnect", () => {
  if (guarded !== undefined) void takeDown(guarded);
});

/** Twice: the engine may have been in the middle of making something. */
async function takeDown({ projectName, engine, env }: Guarded): Promise<void> {
  for (const delay of [0, 1000]) {
    await sleep(delay);
    const compose = await openCompose({ projectName, engine, env });
    await compose.down({ volumes: true, removeOrphans: true, timeoutSeconds: 0 }).catch(() => {});
    await compose.close();
  }
}
