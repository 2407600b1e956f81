/**
 * The few words of shell that test containers run, so that one command means the same to the fake engine and to a real
 * one: `sleep`, `echo` (also `>&2`), `touch`, `rm`, `test -f`, `exit`, `true`, `false`, `trap 'exit N' TERM`,
 * `sleep N & wait` (which a trap interrupts), joined by `;` or `&&`.
 */
export interface ShellIo {
  readonly files: Set<string>;
  print(stream: "stdout" | "stderr", text: string): void;
}

export interface FakeProcess {
  readonly exitCode: Promise<number>;
  /** What the kernel does with a signal: kills, runs a trap, or nothing at all for a first process without a handler. */
  signal(name: string): void;
}

const numbers: ReadonlyMap<string, number> = new Map([
  ["SIGHUP", 1],
  ["SIGINT", 2],
  ["SIGQUIT", 3],
  ["SIGKILL", 9],
  ["SIGUSR1", 10],
  ["SIGTERM", 15],
]);

/** `init`: signals have their usual effect, as under a first process that passes them on. */
export function startProcess(
  command: readonly string[],
  io: ShellIo,
  options: { readonly init: boolean },
): FakeProcess {
  const script = scriptOf(command);
  const killed = new AbortController();
  const running: Running = { io, traps: new Map(), waiting: false, signal: killed.signal };
  let die: (code: number) => void = () => {};
  const died = new Promise<number>((settle) => (die = settle));
  return {
    exitCode: Promise.race([died, run(script, running)]),
    signal(name) {
      // A shell runs its trap only when no command of its own stands in between.
      const trap = running.waiting ? running.traps.get(name.replace(/^SIG/, "")) : undefined;
      if (name !== "SIGKILL" && trap === undefined && !options.init) return;
      die(name === "SIGKILL" ? 137 : (trap ?? 128 + (numbers.get(name) ?? 15)));
      killed.abort();
    },
  };
}

/** Is there such a program? A real engine refuses to start a container without. */
export function isProgram(command: readonly string[]): boolean {
  return programs.has(command[0] ?? "");
}

const programs = new Set(["sh", "/bin/sh", "true", "false", "sleep", "echo", "touch", "rm", "test"]);

/** Runs to the end at once or in its time, and says with which code: what a health check does. */
export async function runCommand(command: readonly string[], io: ShellIo): Promise<number> {
  return run(scriptOf(command), {
    io,
    traps: new Map(),
    waiting: false,
    signal: new AbortController().signal,
  });
}

function scriptOf(command: readonly string[]): string {
  const [program = "", flag, text] = command;
  if ((program === "sh" || program === "/bin/sh") && flag === "-c" && text !== undefined) return text;
  if (program === "sh") return "exit 0";
  return command.join(" ");
}

interface Running {
  readonly io: ShellIo;
  readonly traps: Map<string, number>;
  waiting: boolean;
  readonly signal: AbortSignal;
}

async function run(script: string, running: Running): Promise<number> {
  let code = 0;
  for (const list of script.split(";")) {
    for (const step of list.split("&&")) {
      const exit = /^exit(?: (\d+))?$/.exec(step.trim());
      if (exit !== null) return Number(exit[1] ?? code);
      code = await runStep(step.trim(), running);
      if (running.signal.aborted) return 137;
      if (code !== 0) break;
    }
  }
  return code;
}

async function runStep(step: string, running: Running): Promise<number> {
  const { io, traps, signal } = running;
  const [program = "", ...words] = step.split(/\s+/);
  const [first = "", second = ""] = words;
  switch (program) {
    case "":
    case "true":
      return 0;
    case "false":
      return 1;
    case "sleep":
      running.waiting = step.endsWith("& wait");
      await sleep(first === "infinity" ? Infinity : Number(first) * 1000, signal);
      return 0;
    case "echo": {
      const stderr = words.at(-1) === ">&2";
      io.print(stderr ? "stderr" : "stdout", `${(stderr ? words.slice(0, -1) : words).join(" ")}\n`);
      return 0;
    }
    case "touch":
      io.files.add(first);
      return 0;
    case "rm":
      io.files.delete(words.at(-1) ?? "");
      return 0;
    case "test":
      return io.files.has(second) ? 0 : 1;
    case "trap": {
      const trap = /^trap ['"]exit (\d+)['"] (\w+)$/.exec(step);
      traps.set(trap?.[2] ?? "", Number(trap?.[1]));
      return 0;
    }
    default:
      io.print("stderr", `sh: ${program}: not found\n`);
      return 127;
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    const timer = milliseconds === Infinity ? undefined : setTimeout(settle, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      settle();
    });
  });
}
