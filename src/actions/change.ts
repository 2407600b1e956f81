import type { Engine } from "../engine/engine.ts";
import { type Execution, execute } from "../executor/execute.ts";
import { lockProject } from "../executor/lock.ts";
import { ProjectError, UsageError } from "../model/error.ts";
import type { ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { foreignProject } from "../planner/foreign.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { type Interest, observe } from "./observe.ts";

export interface Change {
  readonly verb: string;
  readonly project: Project;
  readonly interest: Interest;
  readonly plan: (observed: ObservedState, confirmed: ReadonlySet<string>) => Plan;
}

/** Every verb that changes something: look, plan, ask, execute. A dry run ends after the plan. */
export async function change(context: ActionContext, { project, verb, ...change }: Change): Promise<ChangeResult> {
  const engine = await context.engine();
  await using _lock = await lock(context, engine, { project, verb });
  const observed = await observe(engine, project, { interest: change.interest, signal: context.signal });
  const first = change.plan(observed, new Set());
  if (context.dryRun) return { plan: withForeign(first, project, observed) };
  const confirmed = await agree(context, { project, observed, plan: first });
  const plan = confirmed === undefined ? first : change.plan(observed, confirmed);
  if (confirmed !== undefined) await run(context, { project, plan, verb });
  return { plan };
}

/** One changing run at a time; who only plans locks nobody out. */
export async function lock(
  { dryRun, signal, onEvent }: ActionContext,
  engine: Engine,
  { project, verb }: { readonly project: Project; readonly verb: string },
): Promise<AsyncDisposable> {
  if (dryRun) return { [Symbol.asyncDispose]: async () => {} };
  return lockProject({
    endpoint: engine.info.endpoint,
    project: project.name,
    holder: { pid: process.pid, verb, workingDir: project.workingDir },
    onWait: (holder) => {
      const message = `waiting for "${holder.verb}" of process ${holder.pid} in ${holder.workingDir}, which changes project "${project.name}"`;
      onEvent({ kind: "notice", severity: "info", message });
    },
    signal,
  });
}

/** The plan as a dry run shows it: with the question that would come first. */
export function withForeign(plan: Plan, project: Project, observed: ObservedState): Plan {
  const foreign = foreignProject(project, observed);
  return foreign === undefined ? plan : { ...plan, confirmations: [foreign, ...plan.confirmations] };
}

export interface Proposal {
  readonly project: Project;
  readonly observed: ObservedState;
  readonly plan: Plan;
}

/** Keys of the questions that were answered with yes; undefined: a no, and nothing is to be done. */
export async function agree(
  context: ActionContext,
  { project, observed, plan }: Proposal,
): Promise<ReadonlySet<string> | undefined> {
  const foreign = foreignProject(project, observed);
  if (foreign !== undefined && !(await context.confirm(foreign))) {
    throw new UsageError(
      foreign.question.replace(/ Change it all the same\?$/, ""),
      "give this project another name with --project-name, or answer with --yes",
    );
  }
  refuseProblems(plan);
  const confirmed = new Set<string>();
  for (const question of plan.confirmations) {
    const yes = await context.confirm(question);
    if (yes) confirmed.add(question.key);
    else if (question.blocking) return undefined;
  }
  return confirmed;
}

export function refuseProblems({ problems }: Plan): void {
  if (problems.length > 0) throw new ProjectError(problems);
}

export async function run(
  context: ActionContext,
  { project, plan, verb }: { readonly project: Project; readonly plan: Plan; readonly verb: string },
): Promise<Execution> {
  const { signal, onEvent, parallel } = context;
  for (const each of plan.losses) onEvent({ kind: "notice", severity: "warning", message: `data is lost: ${each}` });
  return execute(plan, { engine: await context.engine(), project, verb, signal, onEvent, parallel });
}
