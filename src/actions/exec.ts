import { exitCodeOfExec } from "../executor/exec-exit.ts";
import { UsageError } from "../model/error.ts";
import type { NullableMap } from "../model/project.ts";
import type { ActionContext } from "./context.ts";
import { pickContainer } from "./pick-container.ts";
import { runSession, type SessionIo, type SessionOptions } from "./stream-session.ts";

export interface ExecOptions {
  readonly service: string;
  /** A list of words; there is no shell in between. */
  readonly command: readonly string[];
  /** Which container; absent: the one with the lowest number. */
  readonly index?: number | undefined;
  /** Come back at once. */
  readonly detach: boolean;
  /** "NAME=value"; "NAME" alone takes the value from our own environment. */
  readonly environment: readonly string[];
  /** With all capabilities. */
  readonly privileged: boolean;
  /** With a terminal. */
  readonly tty: boolean;
  /** "name" or "uid:gid". */
  readonly user?: string | undefined;
  /** Folder in the container. */
  readonly workingDir?: string | undefined;
  readonly io: SessionIo;
}

/** Runs a command in a running container; resolves with its exit code. */
export async function exec(context: ActionContext, options: ExecOptions): Promise<number> {
  const { signal } = context;
  const { service, index, detach, tty, io } = options;
  const container = await pickContainer(context, { service, index });
  if (container.state === "paused") {
    throw new UsageError(`container ${container.name} is paused`, `let it go on first: tscompose unpause ${service}`);
  }
  const engine = await context.engine();
  const stdin = io.input !== undefined;
  const id = await engine.createExec(
    container.id,
    {
      command: options.command,
      environment: environmentOf(options.environment, context.source.environment),
      tty,
      stdin,
      detach,
      privileged: options.privileged,
      detachKeys: io.detachKeys,
      size: io.window?.size(),
      ...(options.user !== undefined && { user: options.user }),
      ...(options.workingDir !== undefined && { working_dir: options.workingDir }),
    },
    signal,
  );
  const stream = await engine.startExec(id, { tty, stdin, detach }, signal);
  if (detach) return 0;
  const resize: SessionOptions["resize"] = (size) => engine.resize({ exec: id }, size, signal);
  const outcome = await runSession(stream, io, { resize, signal });
  return outcome === "detached" ? 0 : exitCodeOfExec(engine, id, signal);
}

/** `-e "$NAME=x"` with nothing in NAME: it would be lost without a word. */
export function checkPair(pair: string): void {
  if (pair === "" || pair.startsWith("="))
    throw new UsageError(`invalid environment variable: "${pair}"`, "write NAME=VALUE, or NAME");
}

/** A name without a value that we have none for either is not passed on. */
export function environmentOf(pairs: readonly string[], own: ReadonlyMap<string, string>): NullableMap {
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      checkPair(pair);
      const [, name = pair, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      const found = value ?? own.get(name);
      return found === undefined ? [] : [[name, found]];
    }),
  );
}
