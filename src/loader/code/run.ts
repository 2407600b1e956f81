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

/** A process that is ready for a program, or on its way to that. */
export interface Runner extends Disposable {
  run(graph: CodeGraph): Promise<RunResult>;
}

/**
 * Starts a process of its own for a program, in the folder of its file and with the project's variables. It comes up while
 * we read the files.
 */
export function startRunner(file: string, { environment, signal, onPrinted }: RunOptions): Runner {
  const env = Object.fromEntries(environment);
  const folder = path.dirname(file);
  const child = fork(runnerPath(), [], {
    cwd: folder,
    env,
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", kill);
  if (signal?.aborted === true) kill();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => onPrinted?.(text));
  }
  const result = new Promise<RunResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("message", (message) => resolve(message as RunResult));
    child.once("close", (code, signal) => resolve(endedEarly(code, signal)));
  });
  // Heard of when the program is to be run.
  result.catch(() => {});
  let done = false;
  return {
    async run(graph) {
      child.send({ ...request(graph), argument: { env, folder } }, () => {});
      const outcome = await result;
      done = true;
      if (signal?.aborted === true) throw new CancelledError();
      return outcome;
    },
    [Symbol.dispose]() {
      signal?.removeEventListener("abort", kill);
      // A program that has answered ends by itself, when it has written what it had to say.
      if (!done) kill();
    },
  };
}

function request({ entry, modules, targets, literals }: CodeGraph): object {
  const sources = new Map([...modules].filter(([, each]) => each.isModule).map(([url, each]) => [url, each.code]));
  return {
    entry: pathToFileURL(entry.source.path).href,
    sources: sources.set(ownModule.url, ownModule.code),
    targets,
    slots: literals.map(({ literal }) => literal.slots.map((slot) => ({ kind: slot.kind, name: nameOfSlot(slot) }))),
  };
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
