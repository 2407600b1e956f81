// The built CLI on a terminal of its own, as a person has it. `script`, which every Debian has, makes the terminal; the
// window is resized from outside with stty.
import { execFile, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { builtCli, cliEnvironment, hangingMs, type RunOptions } from "./cli.ts";

/** Whether this machine has util-linux's `script`; the BSDs have another one. */
export const hasTerminals: boolean = await promisify(execFile)("script", ["--version"]).then(
  () => true,
  () => false,
);

export interface TerminalEnd {
  readonly code: number | null;
  /** What the terminal showed, carriage returns left out. */
  readonly output: string;
  /** As the terminal got it. */
  readonly raw: string;
  /** Its modes are what they were before. */
  readonly restored: boolean;
}

export interface TerminalRun {
  /** Of the CLI itself. */
  pid(): number;
  output(): string;
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<void>;
  type(text: string): void;
  resize(rows: number, columns: number): Promise<void>;
  /** Gives the terminal the modes that a shell wants. */
  sane(): Promise<void>;
  isRaw(): Promise<boolean>;
  /** Closes the window; resolves when the CLI has ended. */
  hangUp(): Promise<void>;
  readonly ended: Promise<TerminalEnd>;
}

/** 31 rows, 97 columns. */
export async function startOnTerminal(args: readonly string[], options: RunOptions = {}): Promise<TerminalRun> {
  const cli = [process.execPath, await builtCli(), ...args].map(quoted).join(" ");
  const command = `
    trap : INT QUIT
    stty rows 31 cols 97
    before=$(stty -g)
    printf '<<tty=%s>>' "$(tty)"
    sh -c 'printf "<<pid=%s>>" $$; exec "$@"' sh ${cli}
    code=$?
    after=$(stty -g)
    [ "$before" = "$after" ] && printf '<<restored>>'
    exit $code`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: options.cwd,
    env: { ...cliEnvironment(options.env), SHELL: "/bin/sh" },
  });
  let raw = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (raw += text));
  child.stdin.on("error", () => undefined); // it may end while somebody types
  const shown = (): string => withoutMarks(raw).replaceAll("\r", "");
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? hangingMs);
  let over = false;
  const ended = new Promise<TerminalEnd>((settle, fail) => {
    child.on("error", fail);
    child.on("close", (code) => {
      over = true;
      clearTimeout(timer);
      settle({ code, output: shown(), raw: withoutMarks(raw), restored: raw.includes("<<restored>>") });
    });
  });
  const mark = (name: string): string => new RegExp(`<<${name}=([^>]*)>>`).exec(raw)?.[1] ?? "";
  // What is typed before would end the shell around the CLI, which has to tell how the CLI leaves the terminal.
  for (; mark("pid") === ""; await sleep(5)) if (over) break;
  const stty = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)("stty", ["-F", mark("tty"), ...args])).stdout;
  return {
    pid: () => Number(mark("pid")),
    output: shown,
    ended,
    type: (text) => child.stdin.write(text),
    resize: async (rows, columns) => void (await stty("rows", String(rows), "cols", String(columns))),
    sane: async () => void (await stty("sane")),
    isRaw: async () => (await stty("-a")).includes("-icanon"),
    async hangUp() {
      child.kill("SIGKILL");
      for (const end = Date.now() + 40_000; lives(Number(mark("pid"))); await sleep(20)) {
        if (Date.now() > end) throw new Error("the CLI goes on without a terminal");
      }
    },
    async waitFor(pattern, timeoutMs = 40_000) {
      for (const end = Date.now() + timeoutMs; !pattern.test(shown()); await sleep(20)) {
        if (over || Date.now() > end) throw new Error(`${pattern} did not appear in:\n${shown()}`);
      }
    },
  };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function withoutMarks(text: string): string {
  return text.replaceAll(/<<(tty|pid)=[^>]*>>|<<restored>>/g, "");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
