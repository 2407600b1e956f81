import { fork } from "node:child_process";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { CancelledError } from "../../model/error.ts";
import type { StringMap } from "../../model/project.ts";
import type { CodeGraph } from "./graph.ts";
import { ownModule } from "./own-module.ts";
import type { RunResult } from "./result.ts";

export interface RunOptions {
  readonly environment: StringMap;
  readonly signal: AbortSignal | undefined;
  /** What it writes to its output. */
  readonly onPrinted: ((text: string) => void) | undefined;
}

/** Runs the program in a process of its own, in the folder of its file and with the project's variables. */
export async function runCode(graph: CodeGraph, options: RunOptions): Promise<RunResult> {
  const { entry, modules, targets, literals } = graph;
  const env = Object.fromEntries(options.environment);
  const folder = path.dirname(entry.source.path);
  const child = fork(runnerPath(), [], {
    cwd: folder,
    env,
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const abort = (): void => void child.kill("SIGKILL");
  options.signal?.addEventListener("abort", abort);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => options.onPrinted?.(text));
  }
  try {
    const result = await new Promise<RunResult>((resolve, reject) => {
      child.once("error", reject);
      child.once("message", (message) => resolve(message as RunResult));
      child.once("close", (code, signal) => resolve(endedEarly(code, signal)));
      const sources = new Map([...modules].filter(([, each]) => each.isModule).map(([url, each]) => [url, each.code]));
      child.send({
        entry: pathToFileURL(entry.source.path).href,
        sources: sources.set(ownModule.url, ownModule.code),
        targets,
        slots: literals.map(({ literal }) =>
          literal.slots.map((slot) => ({ kind: slot.kind, name: nameOfSlot(slot) })),
        ),
        argument: { env, folder },
      });
    });
    if (options.signal?.aborted === true) throw new CancelledError();
    return result;
  } finally {
    options.signal?.removeEventListener("abort", abort);
  }
}

/** It lies beside this file, and beside the bundle as well. */
function runnerPath(): string {
  return fileURLToPath(new URL("./runner.mjs", import.meta.url));
}

function nameOfSlot(slot: CodeGraph["literals"][number]["literal"]["slots"][number]): string | undefined {
  return slot.kind === "named" ? slot.name : undefined;
}

function endedEarly(code: number | null, signal: string | null): RunResult {
  const how = signal === null ? `with code ${code ?? 0}` : `by ${signal}`;
  const message = `the file ended its process ${how} before it said what it exports`;
  return { kind: "failed", message, stack: "", name: "", code: "" };
}
