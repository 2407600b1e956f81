import type { SessionIo } from "../actions/stream-session.ts";
import { output, pressure } from "./output.ts";

export interface SessionIoOptions {
  readonly stdin: boolean;
  /** The other side has a terminal: keys go over as they are pressed, and the window's size with them. */
  readonly tty: boolean;
  readonly detachKeys?: string | undefined;
}

/** This process's own streams as one side of a session. */
export function openSessionIo({ stdin, tty, detachKeys }: SessionIoOptions): SessionIo & Disposable {
  const restore = tty && stdin ? rawMode() : () => {};
  return {
    ...(stdin && { input: process.stdin }),
    write({ stream, bytes }) {
      output(stream).write(bytes);
      return pressure();
    },
    ...(tty && { window: terminalWindow(), detachKeys }),
    [Symbol.dispose]: restore,
  };
}

/** Whatever happens, the shell that comes after us finds its terminal as it was. */
function rawMode(): () => void {
  if (!process.stdin.isTTY) return () => {};
  const before = process.stdin.isRaw;
  const restore = (): void => {
    process.stdin.setRawMode(before);
    process.off("exit", restore);
  };
  process.stdin.setRawMode(true);
  process.on("exit", restore);
  return restore;
}

function terminalWindow(): NonNullable<SessionIo["window"]> {
  const { stdout } = process;
  return {
    size: () => ({ rows: stdout.rows ?? 24, columns: stdout.columns ?? 80 }),
    onResize(listener) {
      stdout.on("resize", listener);
      return () => void stdout.off("resize", listener);
    },
  };
}
