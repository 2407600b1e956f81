import type { Engine } from "../engine/engine.ts";
import { shortContainerName } from "../model/names.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { OutputSource } from "../model/output.ts";
import type { Project } from "../model/project.ts";
import type { WatchSwitch } from "./attach-watch.ts";
import { type LogPiece, type LogSource, projectLogs } from "./logs/follow.ts";
import type { AttachOptions } from "./up.ts";

export interface AttachRun {
  readonly engine: Engine;
  readonly project: Project;
  readonly options: AttachOptions;
  /** Named on the command line; empty: all. */
  readonly services: readonly string[];
  /** Containers that the plan leaves running, and names of those that it is going to start. */
  readonly running: readonly ObservedContainer[];
  readonly planned: readonly LogSource[];
  /** Resolves with the ids of the containers that were started. */
  readonly bringUp: () => Promise<readonly string[]>;
  /** Stops what was brought up: gracefully, until `kill` is aborted. */
  readonly stop: (kill: AbortSignal) => Promise<void>;
  readonly watching: WatchSwitch;
}

/** Containers that were stopped have said their last by then; nothing is waited for when all of them are gone. */
const lastWordsMs = 1000;

/** Exit codes of a shell: somebody pressed Ctrl-C. */
const interrupted = 130;

/**
 * Brings a project up and stays: shows what its containers write until all of them are gone, one ends that must not,
 * or somebody says stop. Resolves with the code to exit with.
 */
export async function attachUp(run: AttachRun): Promise<number> {
  const { engine, project, options } = run;
  const wanted = attachedServices(run);
  const end = new AbortController();
  options.detach.addEventListener("abort", () => end.abort(), { once: true });
  let begin: () => void = () => {};
  let begun = false;
  const bringingUp = new Promise<readonly string[]>((settle, fail) => {
    begin = () => {
      begun = true;
      run.bringUp().then(settle, fail);
    };
  });
  // Its failure is thrown below, after the lines that explain it were shown.
  bringingUp.catch(() => end.abort());
  const ending = endings(run, end, bringingUp);
  const sources = [...run.running, ...run.planned]
    .filter((source) => wanted(source))
    .map((source) => describe(project, source));
  await options.onOutput({ kind: "attaching", sources: sources.toSorted((a, b) => (a.label < b.label ? -1 : 1)) });
  options.onAttached?.({
    toggleWatch: () =>
      void bringingUp.then(
        () => run.watching.toggle(),
        () => {},
      ),
  });
  const pieces = projectLogs(
    engine,
    {
      project: project.name,
      wanted: (source) => !source.oneOff && (wanted(source) || ending.watches(source)),
      containers: run.running,
      follow: true,
      since: String(Math.floor(Date.now() / 1000)),
      hold: bringingUp,
      interrupted: () => run.watching.busy(),
      onSubscribed: begin,
      onUnreadable: (source, { message }) =>
        void options.onOutput({ kind: "unreadable", source: describe(project, source), message }),
      onExit: (source, exit) => {
        // What is stopped because files changed is no failure.
        if (!exit.restarting && run.watching.busy() === undefined) ending.exited(source, exit.code);
      },
    },
    end.signal,
  );
  const lost = await show(run, pieces, wanted).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  // The engine's events could not be heard: nobody has been brought up, nor ever will be.
  if (lost !== undefined && !begun) throw lost.error;
  await bringingUp.catch((error: unknown) => {
    // Who says stop wants no more of it; what was started by then is stopped.
    if (!options.stop.aborted) throw error;
  });
  if (lost !== undefined && !options.stop.aborted) throw lost.error;
  return ending.code();
}

async function show(
  { project, options }: AttachRun,
  pieces: AsyncIterable<LogPiece>,
  wanted: (source: LogSource) => boolean,
): Promise<void> {
  for await (const piece of pieces) {
    if (!wanted(piece.source)) continue;
    const source = describe(project, piece.source);
    if (piece.kind === "exited") await options.onOutput({ kind: "exited", source, ...piece.exit });
    else await options.onOutput({ kind: "lines", source, lines: piece.lines });
  }
}

/** What ends an attached run before its containers end by themselves. */
interface Endings {
  /** Containers whose exits count, whether or not their lines are shown. */
  watches(source: LogSource): boolean;
  exited(source: LogSource, code: number): void;
  code(): Promise<number>;
}

function endings(run: AttachRun, end: AbortController, bringingUp: Promise<unknown>): Endings {
  const { options } = run;
  const codes = new Map<string, number>();
  let first: number | undefined;
  let stopping: Promise<void> | undefined;
  // Whoever is being started at this moment, or started again, is found running only then.
  const settled = (): Promise<void> => run.watching.close();
  const stop = (): void => {
    stopping ??= bringingUp
      .then(settled, settled)
      .then(() => run.stop(options.kill))
      .finally(() => setTimeout(() => end.abort(), lastWordsMs).unref());
    // Awaited in `code`; until then its failure must not count as unhandled.
    stopping.catch(() => {});
  };
  if (options.stop.aborted) stop();
  options.stop.addEventListener("abort", stop, { once: true });
  return {
    watches: ({ service }) =>
      options.abortOnContainerExit || options.abortOnContainerFailure || service === options.exitCodeFrom,
    exited({ service }, code) {
      // A container that we stop says nothing about who was to blame.
      if (stopping === undefined || !codes.has(service)) codes.set(service, code);
      const ends = options.abortOnContainerExit || (options.abortOnContainerFailure && code !== 0);
      if (!ends || stopping !== undefined) return;
      first = code;
      stop();
    },
    async code() {
      options.stop.removeEventListener("abort", stop);
      await stopping;
      if (options.stop.aborted) return interrupted;
      if (options.exitCodeFrom !== undefined) return codes.get(options.exitCodeFrom) ?? first ?? 0;
      return first ?? 0;
    },
  };
}

/** Whose lines are shown: what was asked for by name, else all but those that say `attach: false`. */
function attachedServices({ project, options, services }: AttachRun): (source: LogSource) => boolean {
  const all = [...project.services.values()];
  const asked = all.filter(({ name, attach }) => {
    if (options.noAttach.includes(name)) return false;
    if (options.attach.length > 0) return options.attach.includes(name);
    if (attach === false) return false;
    return services.length === 0 || services.includes(name) || options.attachDependencies;
  });
  // Who stays attached wants to see something: where that leaves nobody, it is as if nobody had been left out.
  const talking = all.filter(({ attach }) => attach !== false);
  const chosen = [asked, talking, all].find((each) => each.length > 0) ?? [];
  const shown = new Set(chosen.map(({ name }) => name));
  return ({ service }) => shown.has(service);
}

function describe(project: Project, { id, name, service }: LogSource): OutputSource {
  return { id, name, service, label: shortContainerName(project, name) };
}
