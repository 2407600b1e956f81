import { setTimeout as sleep } from "node:timers/promises";

import type { Duplexed, LogChunk, TerminalSize } from "../engine/engine.ts";
import { CancelledError } from "../model/error.ts";
import { parseDetachKeys, untilDetached } from "./detach-keys.ts";

/** The person's side of a session with a process: what is typed, where output goes, how large the window is. */
export interface SessionIo {
  /** Absent: nothing is typed. */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** A promise when the reader is slow. */
  readonly write: (chunk: LogChunk) => Promise<void> | undefined;
  /** Absent: no terminal, and so no keys with a meaning of their own either. */
  readonly window?: Window | undefined;
  readonly detachKeys?: string | undefined;
}

export interface Window {
  size(): TerminalSize;
  /** Gives back how to stop listening. */
  onResize(listener: () => void): () => void;
}

export interface SessionOptions {
  /** Leaves the process to itself. */
  readonly signal: AbortSignal;
  readonly resize: (size: TerminalSize) => Promise<void>;
  /** Until then there is nothing to have a size, and nothing that could make sense of what is typed. */
  readonly ready?: Promise<unknown>;
  /** What runs there has drawn its screen for somebody else already. */
  readonly redraw?: boolean;
}

/** Carries bytes both ways until the process has closed its output, or the person wants to be off. */
export async function runSession(
  stream: Duplexed,
  io: SessionIo,
  options: SessionOptions,
): Promise<"ended" | "detached"> {
  const { signal } = options;
  let detached = false;
  const detach = (): void => {
    detached = true;
    stream.close();
  };
  const keys = parseDetachKeys(io.detachKeys);
  const unread: unknown[] = [];
  const fail = (error: unknown): void => {
    unread.push(error);
    stream.close();
  };
  // Of a terminal that is gone a signal tells.
  const input =
    io.input && (io.window === undefined ? readable(io.input, fail) : untilDetached(io.input, keys, detach));
  const stopListening = io.window === undefined ? undefined : keepSize(io.window, options);
  const leave = (): void => stream.close();
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  // Not waited for: who types may go on when nobody listens any more.
  void send(stream, input, options.ready);
  try {
    for await (const chunk of stream.output) {
      const slow = io.write(chunk);
      if (slow !== undefined) await slow;
    }
    if (signal.aborted) throw new CancelledError();
    if (unread.length > 0) throw unread[0];
    return detached ? "detached" : "ended";
  } catch (error) {
    if (detached) return "detached";
    throw signal.aborted ? new CancelledError() : (unread[0] ?? error);
  } finally {
    signal.removeEventListener("abort", leave);
    stopListening?.();
    stream.close();
  }
}

/** A process would wait for ever for what cannot be read. */
async function* readable(
  input: AsyncIterable<Uint8Array>,
  onFailure: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* input;
  } catch (error) {
    onFailure(error);
  }
}

/** A Ctrl-C that the terminal of the container gets before its command is there ends whoever prepares that. */
async function send(stream: Duplexed, input: SessionIo["input"], ready: SessionOptions["ready"]): Promise<void> {
  try {
    // Reading begins at once all the same: that is what makes our own terminal one of keys.
    for await (const bytes of input ?? []) {
      await ready;
      await stream.write(bytes);
    }
    await ready;
    // Only this direction ends: what the process says about it is still to come.
    await stream.end();
  } catch {
    // The connection is gone; reading from it tells why.
  }
}

/** The engine takes a size only once the process runs, which may be a moment after we are connected. */
const firstTries = 10;

/** One request at a time: of two on their way together the older one may come last. */
function keepSize(window: Window, { resize, ready, redraw = false }: SessionOptions): () => void {
  let changed = false;
  let sending = first();
  async function first(): Promise<void> {
    // Whether that goes well is for others to tell.
    await ready?.catch(() => {});
    for (let tries = 1; tries <= firstTries; tries += 1) {
      try {
        const { rows, columns } = window.size();
        // A program draws its screen again only if the size is another one than before.
        if (redraw) await resize({ rows: rows + 1, columns: columns + 1 });
        await resize(window.size());
        return;
      } catch {
        await sleep(tries * 10);
      }
    }
  }
  async function again(): Promise<void> {
    await sending;
    changed = false;
    // A process that has just ended has no size; its end is told by its output.
    await resize(window.size()).catch(() => {});
  }
  return window.onResize(() => {
    // Who waits for its turn asks for the size when that comes.
    if (changed) return;
    changed = true;
    sending = again();
  });
}
