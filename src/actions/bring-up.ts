import { imageKey } from "../model/names.ts";
import type { ObservedState } from "../model/observed.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { withKeptPorts } from "../planner/kept-ports.ts";
import { planPreparation } from "../planner/preparation.ts";
import { type UpOptions as PlanOptions, defaultUpOptions } from "../planner/up-options.ts";
import { planUp } from "../planner/up.ts";
import {
  agree,
  isSettled,
  lock,
  lockSurroundings,
  type Proposal,
  refuseProblems,
  reserving,
  run,
  withForeign,
} from "./change.ts";
import type { ActionContext } from "./context.ts";
import { withModels, withProvided } from "./environment.ts";
import { observe } from "./observe.ts";

export interface BringUp {
  readonly verb: string;
  readonly project: Project;
  readonly options: Partial<PlanOptions>;
}

/** Everything is decided and agreed; the project stays locked until this is disposed. */
export interface Ready extends AsyncDisposable {
  readonly project: Project;
  readonly observed: ObservedState;
  readonly plan: Plan;
  /** false: somebody said no, or it is a dry run. */
  readonly agreed: boolean;
}

const interest = { resources: true, images: true, strangers: true } as const;

/** `up`, `create` and `scale`: nothing of the project changes before all that can be known to go wrong is known. */
export async function bringUp(context: ActionContext, request: BringUp): Promise<Plan> {
  await using ready = await makeReady(context, request);
  if (ready.agreed) await run(context, { ...ready, verb: request.verb });
  return ready.plan;
}

/**
 * Images come first, and whatever other programs provide: only with them here is it known which containers are out of
 * date. Then everything else is one plan.
 */
export async function makeReady(context: ActionContext, request: BringUp): Promise<Ready> {
  const first = await propose(context, request);
  if (context.dryRun) return { ...(await explained(context, request, first)), agreed: false, ...unlocked };
  const settled = { ...first, agreed: true, ...unlocked };
  const isOneOff = request.options.oneOff !== undefined;
  if (isSettled(first) && !isOneOff) return settled;
  const locked = isSettled(first) ? await lockSurroundings(context, request) : await lock(context, request);
  if (locked === undefined) return settled;
  const held = [locked];
  const release = async (): Promise<void> => {
    await Promise.all(held.map((each) => each[Symbol.asyncDispose]()));
  };
  try {
    const ready = await decide({ ...context, reservePort: reserving(context, request, held) }, request);
    return { ...ready, [Symbol.asyncDispose]: release };
  } catch (error) {
    await release();
    throw error;
  }
}

const unlocked: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

async function propose(context: ActionContext, { project: given, options }: BringUp): Promise<Proposal> {
  const { adapt, signal } = context;
  // Each time anew: which ports are free, or ours, may be another matter under the lock. `run` has done it itself.
  const adapted = adapt === undefined || options.oneOff !== undefined ? given : await adapt(given, context);
  const observed = await observe(await context.engine(), adapted, { interest, signal });
  // Who has something to say about ports has said it by now.
  const project = adapt === undefined ? withKeptPorts(given, observed, options.oneOff?.service) : adapted;
  return { project, observed, plan: planUp(project, observed, { ...defaultUpOptions, ...options }) };
}

async function decide(context: ActionContext, request: BringUp): Promise<Omit<Ready, keyof AsyncDisposable>> {
  const { verb } = request;
  const proposal = await propose(context, request);
  const { project } = proposal;
  const confirmed = await agree(context, proposal);
  if (confirmed === undefined) return { ...proposal, agreed: false };
  const options = { ...defaultUpOptions, ...request.options, confirmed };
  const state = await prepare(context, verb, { project, observed: proposal.observed, options });
  const asProposed = confirmed.size === 0 && state.observed === proposal.observed;
  const plan = asProposed ? proposal.plan : planUp(state.project, state.observed, state.options);
  refuseProblems(plan);
  return { ...state, plan, agreed: true };
}

/** What differs is looked up only for people who read the plan. */
async function explained(context: ActionContext, { options }: BringUp, proposal: Proposal): Promise<Proposal> {
  const { project, observed, plan } = proposal;
  const { findDifferences } = await import("./differences.ts");
  const request = { plan, environment: context.source.environment, signal: context.signal };
  const differences = await findDifferences(await context.engine(), project, request);
  const known = { project, observed: { ...observed, differences } };
  const again = planUp(project, known.observed, { ...defaultUpOptions, ...options });
  return { ...known, plan: withForeign({ ...known, plan: again }) };
}

interface State {
  readonly project: Project;
  readonly options: PlanOptions;
  readonly observed: ObservedState;
}

/** Pulls, builds and runs providers until nothing of that is left to do; often there is nothing to begin with. */
async function prepare(context: ActionContext, verb: string, start: State): Promise<State> {
  const engine = await context.engine();
  let state = start;
  for (;;) {
    const plan = planPreparation(state.project, state.observed, state.options);
    if (plan.steps.length === 0) return state;
    const { provided, endpoints } = await run(context, { project: state.project, plan, verb });
    const project = withModels(withProvided(state.project, provided), endpoints);
    state = {
      project,
      options: remember(state.options, plan.steps),
      observed: await observe(engine, project, { interest, signal: context.signal }),
    };
  }
}

/** What was brought, or tried in vain, is not brought again. */
function remember(options: PlanOptions, steps: readonly Step[]): PlanOptions {
  const brought = new Set(options.images.brought);
  const provided = new Set(options.provided);
  const prepared = new Set(options.prepared);
  for (const step of steps) {
    if (step.kind === "image.pull") brought.add(imageKey(step.image, step.platform));
    if (step.kind === "image.build") brought.add(imageKey(step.image, step.service.platform));
    if (step.kind === "provider.run") provided.add(step.service.name);
    if (step.kind === "model.prepare") prepared.add(step.model.key);
  }
  return { ...options, provided, prepared, images: { ...options.images, brought } };
}
