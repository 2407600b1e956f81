import type { Duplexed, Engine, EngineEvent, LogChunk } from "../../../src/engine/engine.ts";
import { CancelledError } from "../../../src/model/error.ts";
import { composeLabels } from "../../../src/model/labels.ts";
import { shellIo } from "./lifecycle.ts";
import { runCommand } from "./shell.ts";
import { type FakeContainer, type FakeWorld, emit, find, newId, nextChange, refusal } from "./world.ts";

type StreamCalls = Pick<Engine, "logs" | "attach" | "events" | "createExec" | "startExec" | "inspectExec" | "resize">;

export function streamCalls(world: FakeWorld): StreamCalls {
  return {
    logs: (id, { follow, tail, since, timestamps }, signal) =>
      readOutput(
        find(world, id),
        { follow, tail, timestamps, since: since === undefined ? 0 : milliseconds(since) },
        signal,
      ),
    async attach(id, { logs }, signal) {
      const container = find(world, id);
      const options = { follow: true, timestamps: false, since: 0, tail: logs ? undefined : 0 };
      return connection(readOutput(container, options, signal));
    },
    events: async ({ project, since }, signal) => subscribe(world, { project, since }, signal),
    async createExec(id, { command }) {
      const container = find(world, id);
      if (container.process === undefined) throw refusal(409, `container ${container.name} is not running`);
      const exec = newId();
      world.execs.set(exec, { container, command, exitCode: undefined });
      emit(world, container, `exec_create: ${command.join(" ")}`);
      return exec;
    },
    async startExec(id) {
      const exec = world.execs.get(id);
      if (exec === undefined) throw refusal(404, `No such exec instance: ${id}`);
      emit(world, exec.container, `exec_start: ${exec.command.join(" ")}`);
      const chunks: LogChunk[] = [];
      const print = (stream: "stdout" | "stderr", text: string): void =>
        void chunks.push({ stream, bytes: Buffer.from(text) });
      return connection(
        (async function* () {
          exec.exitCode = await runCommand(exec.command, { files: shellIo(exec.container).files, print });
          yield* chunks;
        })(),
      );
    },
    async inspectExec(id) {
      const exec = world.execs.get(id);
      if (exec === undefined) throw refusal(404, `No such exec instance: ${id}`);
      return { running: exec.exitCode === undefined, exitCode: exec.exitCode };
    },
    resize: async () => {},
  };
}

function connection(output: AsyncIterable<LogChunk>): Duplexed {
  return { output, write: async () => {}, end: async () => {}, close: () => {} };
}

interface ReadOptions {
  readonly follow: boolean;
  readonly tail?: number | undefined;
  readonly timestamps: boolean;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** What is there is noted at once, also when nobody reads yet. */
function readOutput(
  container: FakeContainer,
  options: ReadOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogChunk> {
  const old = container.output.filter((line) => line.time >= options.since);
  const kept = options.tail === undefined ? old : old.slice(old.length - Math.min(options.tail, old.length));
  return follow(container, { ...options, kept, next: container.output.length }, signal);
}

async function* follow(
  container: FakeContainer,
  options: ReadOptions & { readonly kept: FakeContainer["output"]; next: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<LogChunk> {
  let { next } = options;
  for (const line of options.kept) yield chunk(line);
  for (;;) {
    for (const line of container.output.slice(next)) yield chunk(line);
    next = container.output.length;
    if (!options.follow || (container.state !== "created" && container.process === undefined)) return;
    await nextChange(container, signal);
    if (signal?.aborted === true) throw new CancelledError();
  }

  function chunk({ stream, text, time }: FakeContainer["output"][number]): LogChunk {
    const prefix = options.timestamps ? `${new Date(time).toISOString().replace("Z", "000000Z")} ` : "";
    return { stream, bytes: Buffer.from(prefix + text) };
  }
}

/** Subscribed when it returns; events wait for a reader who is slow. */
function subscribe(
  world: FakeWorld,
  { project, since }: { readonly project: string; readonly since: string | undefined },
  signal: AbortSignal | undefined,
): AsyncIterable<EngineEvent> {
  const ours = (event: EngineEvent): boolean => event.attributes.get(composeLabels.project) === project;
  const from = since === undefined ? undefined : BigInt(Math.floor(Number(since) * 1000)) * 1_000_000n;
  const queue = from === undefined ? [] : world.history.filter((event) => ours(event) && event.timeNano >= from);
  let wake: () => void = () => {};
  const listener = (event: EngineEvent): void => {
    if (!ours(event)) return;
    queue.push(event);
    wake();
  };
  world.listeners.add(listener);
  signal?.addEventListener("abort", () => wake(), { once: true });
  return (async function* () {
    try {
      for (;;) {
        if (signal?.aborted === true) throw new CancelledError();
        const event = queue.shift();
        if (event === undefined) await new Promise<void>((settle) => (wake = settle));
        else yield event;
      }
    } finally {
      world.listeners.delete(listener);
    }
  })();
}

/** The first that is not before: a number cannot hold all of the digits. */
function milliseconds(since: string): number {
  const [seconds = "", fraction = ""] = since.split(".");
  return Number(seconds) * 1000 + Math.ceil(Number(fraction.padEnd(9, "0")) / 1e6);
}
