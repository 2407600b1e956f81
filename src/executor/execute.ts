import type { Engine } from "../engine/engine.ts";
import { CancelledError, EngineError, PlanError, type StepFailure } from "../model/error.ts";
import type { OnEvent } from "../model/event.ts";
import type { ContainerRef, Plan, Step } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { announce } from "./announce.ts";
import { explainFailure } from "./explain-failure.ts";
import { handle } from "./handlers.ts";
import { BuildFailure } from "./handlers/build.ts";
import { HookFailure } from "./handlers/hook.ts";
import { patience } from "./in-flight.ts";
import { isSeenThrough, limiter } from "./limit.ts";
import type { Run } from "./run.ts";
import { doneStatus, startedStatus } from "./status.ts";
import { watchStates } from "./watch.ts";

export interface ExecuteOptions {
  readonly engine: Engine;
  readonly project: Project;
  /** "up", "down" …, for the events. */
  readonly verb: string;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** How many engine calls at once; absent: what suits an engine. */
  readonly parallel?: number | undefined;
}

/** What only running a plan tells. */
export interface Execution {
  /** Step that created a container → the container's id. */
  readonly created: ReadonlyMap<number, string>;
  /** Service → variables that its provider set for those who depend on it. */
  readonly provided: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Model → where services reach it. */
  readonly endpoints: ReadonlyMap<string, string>;
}

/**
 * Runs a plan: every step as soon as those before it are done. A failed step keeps only what needs it from running;
 * all failures are reported together as a PlanError.
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<Execution> {
  const { onEvent, signal, rethrow } = guarded(options);
  await using watch = watchStates(options.engine, options.project.name);
  using late = patience(signal);
  const run: Run = {
    engine: options.engine,
    project: options.project,
    signal,
    startedAt: Date.now(),
    created: new Map(),
    provided: new Map(),
    endpoints: new Map(),
    layers: new Map(),
    watch,
    notice: (severity, message) => onEvent({ kind: "notice", severity, message }),
  };
  announce(plan, options.verb, onEvent);
  const { failures, skipped } = await schedule(plan.steps, run, { ...options, onEvent, late: late.signal });
  if (!signal.aborted) failures.push(...(await relapses(plan, run, onEvent)));
  const failed = failures.length > 0;
  onEvent({ kind: "plan.finished", failed: failed || signal.aborted, time: Date.now() });
  rethrow();
  if (signal.aborted) throw new CancelledError();
  if (failed) throw new PlanError(failures, skipped);
  return { created: run.created, provided: run.provided, endpoints: run.endpoints };
}

interface Guarded extends Pick<ExecuteOptions, "onEvent" | "signal"> {
  /** What a listener threw, if one did. */
  readonly rethrow: () => void;
}

/** Who listens may be somebody else's program. That it fails ends the run as a signal does, and is what is told. */
function guarded({ onEvent, signal }: ExecuteOptions): Guarded {
  const over = new AbortController();
  let thrown: { readonly error: unknown } | undefined;
  return {
    signal: AbortSignal.any([signal, over.signal]),
    onEvent(event) {
      try {
        onEvent(event);
      } catch (error) {
        thrown ??= { error };
        over.abort();
      }
    },
    rethrow() {
      if (thrown !== undefined) throw thrown.error;
    },
  };
}

/** Containers that were up, and did not stay so until the others were. */
async function relapses(plan: Plan, run: Run, onEvent: OnEvent): Promise<readonly StepFailure[]> {
  const found = await run.watch.relapses();
  return Promise.all(
    found.map(async ({ vigil, containerId, message }): Promise<StepFailure> => {
      const { resource } = plan.steps[vigil - 1] ?? { resource: `container ${containerId}` };
      const error = new Error(`${resource} ${message}, after it had been up`);
      const details = await explainFailure(run.engine, containerId, error.message);
      const time = Date.now();
      onEvent({
        kind: "step.failed",
        stepId: vigil,
        step: "container.await",
        resource,
        time,
        message: error.message,
        details,
      });
      return { stepId: vigil, resource, error, details };
    }),
  );
}

interface Outcome {
  readonly failures: StepFailure[];
  readonly skipped: { readonly resource: string; readonly because: string }[];
}

interface Scheduling extends ExecuteOptions {
  /** For steps that are not hung up on. */
  readonly late: AbortSignal;
}

/** The only scheduler. Steps that are ready start in the plan's order, as the limits allow. */
function schedule(steps: readonly Step[], run: Run, options: Scheduling): Promise<Outcome> {
  const outcome: Outcome = { failures: [], skipped: [] };
  const open = new Map(steps.map((step) => [step.id, new Set(step.after)]));
  const waiting = new Map(steps.map((step) => [step.id, step]));
  /** Step that did not happen → the resource that failed first. */
  const broken = new Map<number, string>();
  const limit = limiter(options.parallel);
  let running = 0;

  return new Promise((settle) => {
    const finish = (step: Step): void => {
      for (const rest of open.values()) rest.delete(step.id);
    };
    const skip = (step: Step, because: string): void => {
      waiting.delete(step.id);
      finish(step);
      if (toleratesFailure(step))
        return run.notice("warning", `optional dependency ${step.resource} is not available: ${because} failed`);
      broken.set(step.id, because);
      // Further steps of what has failed are no news.
      if (step.resource !== because) outcome.skipped.push({ resource: step.resource, because });
      options.onEvent({ kind: "step.skipped", ...about(step), because });
    };
    const start = async (step: Step): Promise<void> => {
      waiting.delete(step.id);
      running += 1;
      const failure = await perform(step, run, options);
      running -= 1;
      limit.giveBack(step.kind);
      finish(step);
      if (failure !== undefined) {
        broken.set(step.id, step.resource);
        outcome.failures.push(failure);
      }
      pump();
    };
    const pump = (): void => {
      for (const step of waiting.values()) {
        if ((open.get(step.id)?.size ?? 0) > 0 || run.signal.aborted) continue;
        const because = step.after.map((id) => broken.get(id)).find((resource) => resource !== undefined);
        if (because !== undefined) skip(step, because);
        else if (limit.tryTake(step.kind)) void start(step);
      }
      if (running > 0) return;
      // What a skipped step held up has become ready; without anything ready, or when cancelled, this is the end.
      const ready = [...waiting.values()].some((step) => open.get(step.id)?.size === 0);
      if (ready && !run.signal.aborted) pump();
      else settle(outcome);
    };
    pump();
  });
}

function toleratesFailure(step: Step): boolean {
  return step.kind === "container.await" && step.optional;
}

/** Runs one step and tells of it; failures are values, so that nothing else stops because of them. */
async function perform(step: Step, run: Run, { onEvent, late }: Scheduling): Promise<StepFailure | undefined> {
  onEvent({ kind: "step.started", ...about(step), cause: step.cause, status: startedStatus(step) });
  try {
    const status = await handle(step, isSeenThrough(step.kind) ? { ...run, signal: late } : run, {
      report: (text, amount) => onEvent({ kind: "step.progress", ...about(step), text, ...amount }),
    });
    onEvent({ kind: "step.done", ...about(step), status: status ?? doneStatus(step) });
    return undefined;
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (toleratesFailure(step) && !run.signal.aborted) {
      run.notice("warning", `optional dependency failed: ${error.message}`);
      onEvent({ kind: "step.done", ...about(step), status: "Skipped" });
      return undefined;
    }
    const details = run.signal.aborted ? [] : await detailsOf(step, error, run);
    onEvent({ kind: "step.failed", ...about(step), message: error.message, details });
    const written = error instanceof EngineError ? writtenAt(step, run.project) : undefined;
    return { stepId: step.id, resource: step.resource, error, details, written };
  }
}

/** The part of the file that a refusal is about; what is stopped or removed is nobody's mistake. */
function writtenAt(step: Step, { origins }: Project): StepFailure["written"] {
  const path = pathOf(step);
  const origin = origins.get(path);
  return origin === undefined ? undefined : { path, origin };
}

function pathOf(step: Step): string {
  if (step.kind === "container.create") return `services.${step.service.name}`;
  if (step.kind === "container.start") return `services.${step.container.service}`;
  if (step.kind === "network.create") return `networks.${step.network.key}`;
  return step.kind === "volume.create" ? `volumes.${step.volume.key}` : "";
}

async function detailsOf(step: Step, error: Error, run: Run): Promise<readonly string[]> {
  if (error instanceof BuildFailure) return error.details;
  if (error instanceof HookFailure) return explainFailure(run.engine, error.containerId, error.message);
  if (step.kind !== "container.await" && step.kind !== "container.start" && step.kind !== "hook.exec") return [];
  const id = idOf(step.container, run);
  return id === undefined ? [] : explainFailure(run.engine, id, error.message);
}

function idOf(ref: ContainerRef, run: Run): string | undefined {
  return ref.id ?? (ref.createdBy === undefined ? undefined : run.created.get(ref.createdBy));
}

function about(step: Step): { stepId: number; step: Step["kind"]; resource: string; time: number } {
  return { stepId: step.id, step: step.kind, resource: step.resource, time: Date.now() };
}
