import type { Engine, LogChunk } from "../../engine/engine.ts";
import { exitCodeOfExec } from "../../executor/exec-exit.ts";
import type { Hook } from "../../model/project.ts";

export interface RunIn {
  readonly container: string;
  readonly hook: Pick<Hook, "command" | "user" | "working_dir" | "environment" | "privileged">;
  readonly onOutput: (chunk: LogChunk) => void;
}

/** Runs a command in a container to its end; resolves with its exit code. */
export async function runIn(
  engine: Engine,
  { container, hook, onOutput }: RunIn,
  signal: AbortSignal,
): Promise<number> {
  const { privileged, ...rest } = hook;
  const options = { ...rest, tty: false, stdin: false, privileged: privileged === true, detach: false };
  const id = await engine.createExec(container, options, signal);
  const session = await engine.startExec(id, { tty: false, stdin: false }, signal);
  for await (const chunk of session.output) onOutput(chunk);
  return exitCodeOfExec(engine, id, signal);
}
