import { setTimeout as sleep } from "node:timers/promises";

import { shortContainerName } from "../../model/names.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import type { Hook, Project } from "../../model/project.ts";
import type { OnWatch } from "../../model/watch.ts";
import { planRestart } from "../../planner/restart.ts";
import { type PathChange, planWatch } from "../../planner/watch.ts";
import { change } from "../change.ts";
import type { ActionContext } from "../context.ts";
import { watchFiles, type WatchedFiles } from "./files.ts";
import { everythingWritten } from "./history.ts";
import { type Pulse, pulse } from "./pulse.ts";
import { rebuild } from "./rebuild.ts";
import { type Replicas, replicas } from "./replicas.ts";
import { runIn } from "./run-in.ts";
import type { WatchedTrigger } from "./triggers.ts";
import { wholeLines } from "./whole-lines.ts";

export interface WatchOptions {
  readonly project: Project;
  readonly triggers: readonly WatchedTrigger[];
  readonly prune: boolean;
  readonly onWatch: OnWatch;
}

/** Files are looked at from the moment at which this is opened; what changes from then on is not lost. */
export interface WatchSession extends AsyncDisposable {
  /** Containers that were created, but not started, get the files that they are to find when they start. */
  fillCreated(): Promise<void>;
  /** Acts on what changes, until the signal says stop. */
  run(signal: AbortSignal): Promise<void>;
  /** Present while containers are stopped that will run again; resolves when word of that has got round. */
  busy(): Promise<void> | undefined;
}

export async function openWatch(context: ActionContext, options: WatchOptions): Promise<WatchSession> {
  const { triggers, project, onWatch } = options;
  const beat = pulse();
  const files = await watchFiles({
    triggers,
    workingDir: project.workingDir,
    onHint: () => beat.beat(),
    onError: (message) => onWatch({ kind: "failed", message }),
  });
  const engine = await context.engine();
  const targets = replicas(engine, triggers, onWatch);
  targets.remember(everythingWritten(triggers, (root) => files.paths(root)));
  let busy: Promise<void> | undefined;
  const interrupting = async (action: () => Promise<void>): Promise<void> => {
    const done = action();
    const over = done.catch(() => {}).then(() => sleep(newsMs));
    busy = over;
    void over.then(() => (busy = busy === over ? undefined : busy));
    await done;
  };
  const batch: Batch = { ...options, context, targets, interrupting };
  return {
    fillCreated: () => fillCreated(batch),
    async run(signal) {
      const stop = AbortSignal.any([context.signal, signal]);
      const stoppable = { ...batch, context: { ...context, signal: stop } };
      const listening = listen(stoppable, beat);
      onWatch({ kind: "enabled" });
      try {
        await follow(stoppable, files, beat);
      } catch (error) {
        if (!stop.aborted) throw error;
      }
      await listening;
      onWatch({ kind: "disabled" });
    },
    busy: () => busy,
    [Symbol.asyncDispose]: () => files[Symbol.asyncDispose](),
  };
}

interface Batch extends WatchOptions {
  readonly context: ActionContext;
  readonly targets: Replicas;
  /** For what takes containers down for a moment. */
  readonly interrupting: (action: () => Promise<void>) => Promise<void>;
}

/** The engine may have answered before its event arrives. */
const newsMs = 500;

async function follow(batch: Batch, files: WatchedFiles, beat: Pulse): Promise<void> {
  const { signal } = batch.context;
  await act(batch, []);
  beat.beat();
  while (await beat.next(signal)) await act(batch, await files.changes());
}

/** Containers that are started by somebody else, or again, may lack what was copied before. */
async function listen({ context, project }: Batch, beat: Pulse): Promise<void> {
  const { signal } = context;
  try {
    const engine = await context.engine();
    for await (const { action } of await engine.events({ project: project.name }, signal)) {
      if (action === "start" || action === "unpause") beat.beat();
    }
  } catch {
    // They are looked at with every change of a file anyway.
  }
}

async function act(batch: Batch, changes: readonly PathChange[]): Promise<void> {
  const plan = planWatch(batch.triggers, changes);
  batch.targets.remember(plan);
  if (plan.rebuild.length > 0) await attempt(batch, () => rebuildServices(batch, plan.rebuild));
  await attempt(batch, async () => {
    const { context, targets } = batch;
    const { restart, exec } = await targets.fill(plan, await containersOf(batch), context.signal);
    const services = [...new Set([...plan.restart, ...restart])];
    if (services.length > 0) await attempt(batch, () => restartServices(batch, services));
    await Promise.all(exec.map((each) => attempt(batch, () => execute(batch, each))));
  });
}

/** What goes wrong is said, and watching goes on: the next save may be the one that mends it. */
async function attempt({ context, onWatch }: Batch, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (context.signal.aborted) throw error;
    onWatch({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

async function containersOf({ context, project }: Batch): Promise<readonly ObservedContainer[]> {
  const engine = await context.engine();
  return engine.listContainers({ project: project.name, all: true }, context.signal);
}

async function fillCreated(batch: Batch): Promise<void> {
  await batch.targets.fillCreated(await containersOf(batch), batch.context.signal);
}

async function rebuildServices(batch: Batch, services: readonly string[]): Promise<void> {
  const { context, project, prune, onWatch } = batch;
  onWatch({ kind: "rebuilding", services });
  const containers = await containersOf(batch);
  await batch.interrupting(() =>
    rebuild(context, { project, services, containers, prune, beforeStart: () => fillCreated(batch) }),
  );
  onWatch({ kind: "rebuilt", services });
}

async function restartServices(batch: Batch, services: readonly string[]): Promise<void> {
  const { context, project, onWatch } = batch;
  const plan = { services, noDeps: false };
  await batch.interrupting(async () => {
    await change(context, {
      verb: "restart",
      project: async () => project,
      interest: {},
      plan: (_, observed) => planRestart(project, observed, plan),
    });
  });
  onWatch({ kind: "restarted", services });
}

interface Execution {
  readonly container: ObservedContainer;
  readonly hook: Hook;
}

async function execute({ context, project, onWatch }: Batch, { container, hook }: Execution): Promise<void> {
  const label = shortContainerName(project, container.name);
  const lines = wholeLines((line) => onWatch({ kind: "output", container: label, ...line }));
  const request = { container: container.id, hook, onOutput: lines.take };
  const exitCode = await runIn(await context.engine(), request, context.signal);
  lines.end();
  onWatch({ kind: "executed", container: label, command: hook.command, exitCode });
}
