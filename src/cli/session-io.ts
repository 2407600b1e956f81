import { spawnSync } from "node:child_process";

import type { SessionIo, Window } from "../actions/stream-session.ts";
import { output, pressure } from "./output.ts";
import { screenModes } from "./screen-modes.ts";

export interface SessionIoOptions {
  readonly stdin: boolean;
  /** The other side has a terminal: keys go over as they are pressed, and the window's size with them. */
  readonly tty: boolean;
  readonly detachKeys?: string | undefined;
}

/** This process's own streams as one side of a session. */
export function openSessionIo({ stdin, tty, detachKeys }: SessionIoOptions): SessionIo & Disposable {
  const terminal = tty && stdin ? rawTerminal() : undefined;
  const modes = tty ? screenModes() : undefined;
  return {
    ...(stdin && { input: terminal?.input ?? process.stdin }),
    write({ stream, bytes }) {
      modes?.see(bytes);
      output(stream).write(bytes);
      return pressure();
    },
    ...(tty && { window: terminalWindow(), detachKeys }),
    [Symbol.dispose]() {
      const reset = modes?.reset() ?? "";
      if (reset !== "") output("stdout").write(reset);
      terminal?.restore();
    },
  };
}

interface RawTerminal {
  /** The terminal is changed when somebody begins to read: until then Ctrl-C is for us. */
  readonly input: AsyncIterable<Uint8Array>;
  readonly restore: () => void;
}

/** Signals that would end us before we could put the terminal back. */
const deadly = { SIGQUIT: 3, SIGUSR2: 12, SIGALRM: 14 } as const;

/** Whatever happens, the shell that comes after us finds its terminal as it was. */
function rawTerminal(): RawTerminal | undefined {
  const { stdin } = process;
  if (!stdin.isTTY) return undefined;
  const before = stdin.isRaw;
  const leave = (name: keyof typeof deadly): void => {
    // Whoever else listens has something better in mind.
    if (process.listenerCount(name) === 1) process.exit(128 + deadly[name]);
  };
  // While we were stopped the shell has had the terminal.
  const again = (): void => makeRaw(stdin.setRawMode(before));
  const signals = Object.keys(deadly) as (keyof typeof deadly)[];
  const restore = (): void => {
    process.off("exit", restore).off("SIGCONT", again);
    for (const name of signals) process.off(name, leave);
    try {
      stdin.setRawMode(before);
    } catch {
      // Its window was closed; there is nothing left to be put back.
    }
  };
  async function* input(): AsyncGenerator<Uint8Array> {
    makeRaw(stdin);
    process.on("exit", restore).on("SIGCONT", again);
    for (const name of signals) process.on(name, leave);
    yield* stdin;
  }
  return { input: input(), restore };
}

/**
 * Node leaves the terminal to turn each line feed into a carriage return and a line feed. The one in the container has
 * done so already where it is wanted; a program that draws the screen means a line feed when it writes one.
 */
function makeRaw(stdin: typeof process.stdin): void {
  stdin.setRawMode(true);
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
}

/** The terminal that we are used at, from both sides; undefined: there is none. */
export function ownTerminal(): Window | undefined {
  return process.stdin.isTTY && process.stdout.isTTY ? terminalWindow() : undefined;
}

function terminalWindow(): Window {
  const { stdout } = process;
  return {
    // A terminal that nobody has told its size says 0.
    size: () => ({ rows: stdout.rows || 24, columns: stdout.columns || 80 }),
    onResize(listener) {
      stdout.on("resize", listener);
      return () => void stdout.off("resize", listener);
    },
  };
}
