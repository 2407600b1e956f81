import { UsageError } from "../model/error.ts";
import type { ActionContext } from "./context.ts";
import { type OnSignal, passSignals } from "./pass-signals.ts";
import { pickContainer } from "./pick-container.ts";
import { runSession, type SessionIo } from "./stream-session.ts";

export interface AttachOptions {
  readonly service: string;
  /** Which container; absent: the one with the lowest number. */
  readonly index?: number | undefined;
  /** Nothing is typed. */
  readonly noStdin: boolean;
  /** What we have on our side: asked for once it is known what the container has. */
  readonly io: (container: { readonly tty: boolean; readonly stdin: boolean }) => SessionIo;
  /** Present: signals go to the container's process; ours to leave is the third. */
  readonly onSignal?: OnSignal | undefined;
}

/** The code of somebody who left by Ctrl-C. */
const interrupted = 130;

/** Stays with a running container until it stops, and resolves with its exit code; when it was only left, with 0. */
export async function attach(context: ActionContext, options: AttachOptions): Promise<number> {
  const { service, index, onSignal } = options;
  const container = await pickContainer(context, { service, index });
  if (container.state === "paused") {
    throw new UsageError(`container ${container.name} is paused`, `let it go on first: tscompose unpause ${service}`);
  }
  const engine = await context.engine();
  const { id } = container;
  const { tty, openStdin } = await engine.inspectContainer(id, context.signal);
  const io = options.io({ tty, stdin: openStdin && !options.noStdin });
  const left = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, left.signal, over.signal]);
  const { exitCode } = await engine.waitContainer(id, "not-running", signal);
  const stdin = io.input !== undefined;
  const request = { stdin, stdout: true, stderr: true, logs: false, tty, detachKeys: io.detachKeys };
  const stream = await engine.attach(id, request, signal);
  const leave = (): void => left.abort();
  const onHangup = io.window && leave;
  const stopListening = onSignal && passSignals(engine, id, { onSignal, onHangup, onInsist: leave });
  try {
    const resize = engine.resize.bind(engine, { container: id });
    const outcome = await runSession(stream, io, { resize, redraw: true, signal });
    return outcome === "detached" ? 0 : await exitCode;
  } catch (error) {
    if (left.signal.aborted) return interrupted;
    throw error;
  } finally {
    stopListening?.();
    over.abort();
  }
}
