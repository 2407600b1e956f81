import { setTimeout as sleep } from "node:timers/promises";

import type { Engine } from "../engine/engine.ts";
import { EngineError } from "../model/error.ts";

const patience = 25;

/**
 * How a command in a container has ended, once its output has. The engine closes the stream a moment before it knows the
 * code; if it never does, the connection was lost.
 */
export async function exitCodeOfExec(engine: Engine, id: string, signal: AbortSignal): Promise<number> {
  for (let tries = 1; tries <= patience; tries += 1) {
    const { running, exitCode } = await engine.inspectExec(id, signal);
    if (!running && exitCode !== undefined) return exitCode;
    await sleep(tries * 10);
  }
  throw new EngineError("the engine closed the connection before the command ended", {
    status: 0,
    operation: "run in container",
    resource: "command",
    hint: "the command may still run in the container",
  });
}
