// Programs that use the package, run by Node as their authors would.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import type { Ran } from "./cli.ts";

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Program extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  waitFor(pattern: RegExp): Promise<void>;
}

export async function runProgram(args: readonly string[], { cwd, env }: ProgramOptions): Promise<Ran> {
  const options = { cwd, env: environment(env), timeout: 100_000 };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [...args], options)) };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as Partial<Ran>;
    return { code: typeof code === "number" ? code : 1, stdout, stderr };
  }
}

export function startProgram(args: readonly string[], { cwd, env }: ProgramOptions): Program {
  const child = spawn(process.execPath, args, { cwd, env: environment(env) });
  const ended = once(child, "close");
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    async waitFor(pattern) {
      for (const end = Date.now() + 40_000; !pattern.test(output); await sleep(50)) {
        if (Date.now() > end || child.exitCode !== null) throw new Error(`${pattern} did not appear in:\n${output}`);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Nothing of the test runner that runs us. */
function environment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|TEST$|FORCE_COLOR$)/.test(name));
  return { ...Object.fromEntries(own), NO_COLOR: "1", ...added };
}
