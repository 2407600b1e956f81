import { announce } from "../executor/announce.ts";
import type { Execution } from "../executor/execute.ts";
import type { LockHolder, LockOptions } from "../executor/lock.ts";
import { ProjectError, UsageError } from "../model/error.ts";
import type { OnEvent } from "../model/event.ts";
import type { ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { foreignProject } from "../planner/foreign.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { type Interest, observe } from "./observe.ts";

export interface Change {
  readonly verb: string;
  /** Asked again under the lock: what only labels tell is another project once somebody else has changed it. */
  readonly project: () => Promise<Project>;
  readonly interest: Interest;
  readonly plan: (project: Project, observed: ObservedState, confirmed: ReadonlySet<string>) => Plan;
}

/** Every verb that changes something: look, plan, ask, execute. A dry run ends after the plan. */
export async function change(context: ActionContext, { verb, ...change }: Change): Promise<ChangeResult> {
  const propose = async (): Promise<Proposal> => {
    const project = await change.project();
    const engine = await context.engine();
    const observed = await observe(engine, project, { interest: change.interest, signal: context.signal });
    return { project, observed, plan: change.plan(project, observed, new Set()) };
  };
  const first = await propose();
  if (context.dryRun) return { plan: withForeign(first) };
  if (isSettled(first)) {
    await run(context, { ...first, verb });
    return { plan: first.plan };
  }
  await using _lock = await lock(context, { ...first, verb });
  const proposal = await propose();
  const { project, observed } = proposal;
  const confirmed = await agree(context, proposal);
  if (confirmed === undefined) return { plan: proposal.plan };
  const plan = confirmed.size === 0 ? proposal.plan : change.plan(project, observed, confirmed);
  await run(context, { project, plan, verb });
  return { plan };
}

/**
 * One changing run at a time. Taken only when there is something to do: who finds everything up to date waits for
 * nobody. What was seen before the lock was had may have changed since, and is looked at again.
 */
export async function lock(context: ActionContext, locking: Locking): Promise<AsyncDisposable> {
  const { lockProject } = await import("../executor/lock.ts");
  return lockProject(await lockOptions(context, locking));
}

/**
 * For a one-off whose surroundings are there: they are to stay until it runs. Who takes them away just now is waited
 * for; who builds or brings up, perhaps for long, and perhaps by means of this very one-off, is not: undefined.
 */
export async function lockSurroundings(context: ActionContext, locking: Locking): Promise<AsyncDisposable | undefined> {
  const { lockIfFree } = await import("../executor/lock.ts");
  const options = await lockOptions(context, locking);
  const takesAway = ({ verb }: LockHolder): boolean => verb === "down" || verb === "rm";
  const onWait = (holder: LockHolder | undefined): void => {
    if (holder !== undefined && takesAway(holder)) options.onWait(holder);
  };
  return lockIfFree({ ...options, onWait }, takesAway);
}

interface Locking {
  readonly project: Project;
  readonly verb: string;
}

async function lockOptions(context: ActionContext, { project, verb }: Locking): Promise<LockOptions> {
  const { info } = await context.engine();
  return {
    endpoint: info.endpoint,
    project: project.name,
    holder: { pid: process.pid, verb, workingDir: project.workingDir },
    onWait: (other) => {
      const what = `which changes project "${project.name}"`;
      const message =
        other === undefined
          ? `waiting for another process, ${what} and does not answer: it may be suspended`
          : `waiting for "${other.verb}" of process ${other.pid} in ${other.workingDir}, ${what}`;
      context.onEvent({ kind: "notice", severity: "info", message });
    },
    signal: context.signal,
  };
}

/** What is reserved is held by adding to `held`, and given back by disposing of that. */
export function reserving(
  context: ActionContext,
  locking: Locking,
  held: AsyncDisposable[],
): NonNullable<ActionContext["reservePort"]> {
  return async (port) => {
    const { lockIfFree } = await import("../executor/lock.ts");
    // No project is called like that.
    const options = { ...(await lockOptions(context, locking)), project: `port ${port}`, onWait: () => {} };
    const lock = await lockIfFree(options);
    if (lock !== undefined) held.push(lock);
    return lock !== undefined;
  };
}

/** Nothing to do, to ask, or to complain of, but for a one-off, whose steps come last. */
export function isSettled({ project, observed, plan }: Proposal): boolean {
  const oneOff = plan.steps.findIndex((step) => step.kind === "container.create" && step.oneOff !== undefined);
  const steps = oneOff < 0 ? plan.steps.length : oneOff;
  const open = steps + plan.problems.length + plan.confirmations.length;
  return open === 0 && foreignProject(project, observed) === undefined;
}

/** The plan as a dry run shows it: with the question that would come first. */
export function withForeign({ plan, project, observed }: Proposal): Plan {
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
  if (plan.steps.length === 0) return announceNothing(plan, verb, onEvent);
  // Most of the executor's weight is of no use while everything is up to date, which is what people see most often.
  const { execute } = await import("../executor/execute.ts");
  return execute(plan, { engine: await context.engine(), project, verb, signal, onEvent, parallel });
}

function announceNothing(plan: Plan, verb: string, onEvent: OnEvent): Execution {
  announce(plan, verb, onEvent);
  onEvent({ kind: "plan.finished", failed: false, time: Date.now() });
  return { created: new Map(), provided: new Map(), endpoints: new Map() };
}
