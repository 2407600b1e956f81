// A project as data, brought up on any engine through the parts that the verbs use: load, observe, plan, execute.
import { observe } from "../../src/actions/observe.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { type Execution, execute } from "../../src/executor/execute.ts";
import { loadProject } from "../../src/loader/project.ts";
import { PlanError } from "../../src/model/error.ts";
import type { ProgressEvent } from "../../src/model/event.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Json, Project } from "../../src/model/project.ts";
import { defaultUpOptions, type UpOptions } from "../../src/planner/up-options.ts";
import { planUp } from "../../src/planner/up.ts";

const interest = { resources: true, images: true, strangers: true };

export async function load(
  document: Json,
  {
    name = "p",
    environment = {},
  }: { readonly name?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Project> {
  const source = { cwd: "/", environment: new Map(Object.entries(environment)), projectName: name, document };
  return (await loadProject(source)).project;
}

export function look(engine: Engine, project: Project): Promise<ObservedState> {
  return observe(engine, project, { interest, signal: new AbortController().signal });
}

export async function planFor(engine: Engine, project: Project, options: Partial<UpOptions> = {}): Promise<Plan> {
  return planUp(project, await look(engine, project), { ...defaultUpOptions, ...options });
}

export interface Performance {
  /** "container p-web-1 Started", in the order in which it happened. */
  readonly lines: readonly string[];
  readonly events: readonly ProgressEvent[];
  readonly execution: Execution | undefined;
  /** Failures as a person reads them: resource, message, details. */
  readonly failures: readonly string[];
  readonly skipped: readonly string[];
  readonly error: unknown;
}

export async function perform(
  engine: Engine,
  project: Project,
  {
    plan,
    signal = new AbortController().signal,
    parallel,
  }: { readonly plan: Plan; readonly signal?: AbortSignal; readonly parallel?: number },
): Promise<Performance> {
  const events: ProgressEvent[] = [];
  const onEvent = (event: ProgressEvent): void => void events.push(event);
  let execution: Execution | undefined;
  let error: unknown;
  try {
    execution = await execute(plan, { engine, project, verb: "up", signal, onEvent, parallel });
  } catch (thrown) {
    error = thrown;
  }
  const failed = error instanceof PlanError ? error : undefined;
  return {
    lines: events.flatMap(lineOf),
    events,
    execution,
    failures: (failed?.failures ?? []).map((each) => [each.resource, each.error.message, ...each.details].join(" | ")),
    skipped: (failed?.skipped ?? []).map(({ resource, because }) => `${resource} because of ${because}`),
    error,
  };
}

/** Plans and performs; a plan with problems is the test's mistake. */
export async function bringUp(
  engine: Engine,
  project: Project,
  options: Partial<UpOptions> = {},
): Promise<Performance> {
  const plan = await planFor(engine, project, options);
  if (plan.problems.length > 0) throw new Error(plan.problems.map(({ message }) => message).join("; "));
  return perform(engine, project, { plan });
}

function lineOf(event: ProgressEvent): readonly string[] {
  switch (event.kind) {
    case "step.started":
    case "step.done":
      return [`${event.resource} ${event.status}`];
    case "step.failed":
      return [`${event.resource} failed: ${event.message}`];
    case "step.skipped":
      return [`${event.resource} skipped because of ${event.because}`];
    case "notice":
      return [`${event.severity}: ${event.message}`];
    case "resource.unchanged":
      return [`${event.resource} ${event.status}`];
    case "plan.started":
    case "plan.finished":
    case "step.progress":
      return [];
  }
}
