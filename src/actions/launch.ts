import { setTimeout as sleep } from "node:timers/promises";

import type { Duplexed, Engine } from "../engine/engine.ts";
import { CancelledError, PlanError } from "../model/error.ts";
import { composeLabels } from "../model/labels.ts";
import { type ContainerRef, emptyPlan, type Step } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";
import { longestTimerMs } from "../model/time.ts";
import { run as perform } from "./change.ts";
import type { ActionContext } from "./context.ts";
import { type OnSignal, passSignals } from "./pass-signals.ts";
import { runSession, type SessionIo, type SessionOptions } from "./stream-session.ts";

/** A container for one command, created and not yet started. */
export interface OneOffContainer {
  readonly id: string;
  readonly name: string;
  readonly project: Project;
  readonly service: Service;
  /** What is left to do with it: its files, its start, its hooks. */
  readonly steps: readonly Step[];
  readonly remove: boolean;
}

/** What is around it stays as it is until it runs: who wants to change that waits for the release. */
export interface GuardedOneOff extends OneOffContainer {
  readonly release: () => Promise<void>;
}

export interface LaunchOptions {
  /** Come back as soon as it runs. */
  readonly detach: boolean;
  readonly io: SessionIo;
  /** Absent: no signal is passed on. */
  readonly onSignal?: OnSignal | undefined;
}

/** Runs the command: attached before it starts, so that nothing it says is lost. Resolves with its exit code. */
export async function launch(
  context: ActionContext,
  container: GuardedOneOff,
  options: LaunchOptions,
): Promise<number> {
  const engine = await context.engine();
  try {
    if (!options.detach) return await attached(context, container, options);
    await steps(context, container, () => true);
    return 0;
  } catch (error) {
    // Who began it is gone; nobody would ever end it.
    if (container.remove) await engine.removeContainer(container.id, { volumes: true }).catch(() => {});
    else if (error instanceof CancelledError) await engine.killContainer(container.id, "SIGKILL").catch(() => {});
    throw error;
  } finally {
    await container.release();
  }
}

/** An engine that nobody listens to any more goes on with what it was asked for, and is done with it a moment later. */
const lateMs = [0, 200, 800];

/** Containers of a run that has failed before it knew their ids. */
export async function removeRemains(
  engine: Engine,
  project: string,
  { slug, cancelled }: { readonly slug: string; readonly cancelled: boolean },
): Promise<void> {
  for (const delay of cancelled ? lateMs : [0]) {
    await sleep(delay);
    const containers = await engine.listContainers({ project, all: true });
    const remains = containers.filter(({ labels }) => labels.get(composeLabels.slug) === slug);
    await Promise.all(remains.map(({ id }) => engine.removeContainer(id, { volumes: true })));
    if (remains.length > 0) return;
  }
}

async function attached(
  context: ActionContext,
  container: GuardedOneOff,
  { io, onSignal }: LaunchOptions,
): Promise<number> {
  const engine = await context.engine();
  const { id, remove } = container;
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const own = { ...context, signal };
  try {
    const { exitCode } = await engine.waitContainer(id, remove ? "removed" : "next-exit", signal);
    const stream = await open(engine, container, { io, signal });
    const start = steps(own, container, ({ kind }) => kind !== "hook.exec");
    using _signals = listen(engine, container, { onSignal, start, giveUp: () => over.abort() });
    const resize: SessionOptions["resize"] = (size) => engine.resize({ container: id }, size, signal);
    const session = runSession(stream, io, { resize, ready: start, signal });
    session.catch(() => {}); // thrown below, unless the start has failed before
    await start;
    await container.release();
    const hooks = runHooks(own, container, exitCode);
    // A hook that fails ends it at once; else the command says when it is over.
    const outcome = await Promise.race([session, hooks.then(() => session)]);
    if (outcome === "detached") return 0;
    await hooks;
    return await exitCode;
  } finally {
    over.abort();
  }
}

interface Listening {
  readonly onSignal: OnSignal | undefined;
  readonly start: Promise<void>;
  /** There is no process yet that could be killed. */
  readonly giveUp: () => void;
}

/** Who asks the command to end waits as long as for a container to stop; who asks three times does not wait. */
function listen(engine: Engine, { id, service }: OneOffContainer, { onSignal, start, giveUp }: Listening): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let insist = giveUp;
  const kill = (): void => void engine.killContainer(id, "SIGKILL").catch(() => {});
  const ready = start.then(() => void (insist = kill));
  ready.catch(() => {}); // told to who awaits the start
  const graceMs = Math.min(service.stop_grace_period ?? engineGraceMs, longestTimerMs);
  const onEnd = (): void => void (timer ??= setTimeout(kill, graceMs));
  // Without a terminal that signal asks many a program to read its configuration again.
  const onHangup = service.tty === true ? onEnd : undefined;
  const stop = onSignal && passSignals(engine, id, { onSignal, ready, onEnd, onHangup, onInsist: () => insist() });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      stop?.();
    },
  };
}

const engineGraceMs = 10_000;

function open(
  engine: Engine,
  { id, service }: OneOffContainer,
  { io, signal }: { readonly io: SessionIo; readonly signal: AbortSignal },
): Promise<Duplexed> {
  const { input, detachKeys } = io;
  const options = { stdout: true, stderr: true, logs: false, tty: service.tty === true, detachKeys };
  return engine.attach(id, { ...options, stdin: input !== undefined && service.stdin_open === true }, signal);
}

/** Those of the container's own steps that are asked for, as a plan of their own: others have shown what comes before. */
async function steps(
  context: ActionContext,
  { id, project, steps }: OneOffContainer,
  wanted: (step: Step) => boolean,
): Promise<void> {
  const own = steps.filter(wanted).map((step) => withId(step, id));
  const ids = new Set(own.map((step) => step.id));
  const plan = {
    ...emptyPlan,
    steps: own.map((step) => ({ ...step, after: step.after.filter((each) => ids.has(each)) })),
  };
  await perform({ ...context, onEvent: () => {} }, { project, plan, verb: "run" });
}

function withId(step: Step, id: string): Step {
  if (step.kind !== "container.files" && step.kind !== "container.start" && step.kind !== "hook.exec") return step;
  const container: ContainerRef = { ...step.container, id };
  return { ...step, container };
}

/** A command that is over before its hooks is none the worse for it. */
async function runHooks(context: ActionContext, container: OneOffContainer, exitCode: Promise<number>): Promise<void> {
  let over = false;
  const noteEnd = (): void => void (over = true);
  void exitCode.then(noteEnd, noteEnd);
  try {
    await steps(context, container, ({ kind }) => kind === "hook.exec");
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const engine = await context.engine();
    const state = await engine.inspectContainer(container.id).catch(() => undefined);
    if (!over && state?.state === "running") throw error;
  }
}
