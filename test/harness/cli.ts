// Runs the built CLI as a user does: a process of its own, its two streams apart.
import { execFile, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export const projectRoot: string = path.resolve(import.meta.dirname, "../..");
const cli = path.join(projectRoot, "dist/cli.js");

export interface RunOptions {
  readonly cwd?: string | undefined;
  /** Added to the test's own environment, from which everything that steers compose was taken out. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly stdin?: string | undefined;
  /** Killed when it takes longer; absent: when it must be hanging. */
  readonly timeoutMs?: number | undefined;
}

/** Shorter than a test may take, so that it is told what hangs; what works on a busy machine is not cut off. */
export const hangingMs = 110_000;

export interface Ran {
  /** 128 + signal when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly pid: number;
  readonly ended: Promise<Ran>;
  /** What it has written so far, on both streams. */
  output(): string;
  /** Resolves when the output matches; fails with the output when the process ends or time is up before. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  write(text: string): void;
}

export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const running = await startCli(args, options);
  return running.ended;
}

/** For commands that go on until they are stopped. Standard input stays open unless `stdin` is given. */
export async function startCli(args: readonly string[], options: RunOptions = {}): Promise<RunningCli> {
  const child = spawn(process.execPath, [await builtCli(), ...args], {
    cwd: options.cwd,
    env: cliEnvironment(options.env),
  });
  const written = { stdout: "", stderr: "", both: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      written[stream] += text;
      written.both += text;
    });
  }
  child.stdin.on("error", () => undefined); // it may end without reading
  if (options.stdin !== undefined) child.stdin.end(options.stdin);
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? hangingMs);
  let over = false;
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      over = true;
      clearTimeout(timer);
      resolve({ code: code ?? 128 + signalNumber(signal), stdout: written.stdout, stderr: written.stderr });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => written.both,
    kill: (signal) => child.kill(signal),
    write: (text) => child.stdin.write(text),
    async waitFor(pattern, timeoutMs = 40_000) {
      for (const end = Date.now() + timeoutMs; !pattern.test(written.both); await sleep(20)) {
        if (over || Date.now() > end) throw new Error(`${pattern} did not appear in:\n${written.both}`);
      }
    },
  };
}

let building: Promise<unknown> | undefined;

/** Its path. Built once a worker; that costs next to nothing when the bundle is up to date. */
export async function builtCli(): Promise<string> {
  building ??= promisify(execFile)(process.execPath, ["scripts/build.mjs", "schema", "cli"], { cwd: projectRoot });
  await building;
  return cli;
}

/** What steers compose or us. */
export const steering: RegExp = /^(COMPOSE_|TSCOMPOSE_|BUILDKIT_|BUILDX_|NO_COLOR|FORCE_COLOR|CI$)/;

/** This process's own environment without that, without the test runner's, and with what is added. */
export function cliEnvironment(added: RunOptions["env"]): NodeJS.ProcessEnv {
  const ours = /^(VITEST|TEST$|NODE_ENV$)/;
  const own = Object.entries(process.env).filter(([name]) => !steering.test(name) && !ours.test(name));
  return { ...Object.fromEntries(own), ...added };
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[String(signal)] ?? 0;
}
