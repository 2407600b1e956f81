import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { planKill } from "../planner/signal.ts";
import { planStop } from "../planner/stop.ts";
import { isAlive } from "../planner/stopping.ts";
import { change, run } from "./change.ts";
import type { ActionContext } from "./context.ts";
import type { LogSource } from "./logs/follow.ts";
import { observe } from "./observe.ts";
import type { UpOptions } from "./up.ts";

/** Who runs now and goes on running, and who is about to start; the latter may have no id yet. */
export function plannedContainers(
  plan: Plan,
  observed: ObservedState,
): { readonly running: readonly ObservedContainer[]; readonly planned: readonly LogSource[] } {
  const touched = new Set<string>();
  const planned = new Map<string, LogSource>();
  for (const step of plan.steps) {
    if (!("container" in step)) continue;
    const { id = "", name, service } = step.container;
    if (step.kind === "container.stop" || step.kind === "container.remove") touched.add(id);
    if (step.kind === "container.start") planned.set(name, { id, name, service, oneOff: false });
  }
  const running = observed.containers.filter((each) => isAlive(each) && !each.oneOff && !touched.has(each.id));
  return { running, planned: [...planned.values()] };
}

/** Ids of the containers that the plan started. */
export function startedContainers(plan: Plan, created: ReadonlyMap<number, string>): readonly string[] {
  return plan.steps.flatMap((step) => {
    if (step.kind !== "container.start") return [];
    const { id, createdBy } = step.container;
    return id ?? (createdBy === undefined ? undefined : created.get(createdBy)) ?? [];
  });
}

interface Stopping {
  readonly project: Project;
  readonly options: UpOptions;
  readonly kill: AbortSignal;
}

/** Stops what was brought up, with its grace; kills it, and so ends the stopping, once nobody wants to wait longer. */
export async function stopAttached(context: ActionContext, { project, options, kill }: Stopping): Promise<void> {
  // Neither Ctrl-C may end this: the first asked for it, the second only makes it quicker.
  const unstoppable = { ...context, signal: new AbortController().signal };
  const { services, timeoutSeconds } = options;
  const killNow = (): void => void killAll(unstoppable, project, services);
  kill.addEventListener("abort", killNow, { once: true });
  if (kill.aborted) killNow();
  try {
    await change(unstoppable, {
      verb: "stop",
      project: async () => project,
      interest: {},
      plan: (_, observed) => planStop(project, observed, { services, timeoutSeconds }),
    });
  } finally {
    kill.removeEventListener("abort", killNow);
  }
}

/** Beside the stop, which has the lock, and which this brings to its end. */
async function killAll(context: ActionContext, project: Project, services: readonly string[]): Promise<void> {
  const { signal } = context;
  try {
    const observed = await observe(await context.engine(), project, { interest: {}, signal });
    const plan = planKill(project, observed, { services, signalName: "SIGKILL", removeOrphans: false });
    await run(context, { project, plan, verb: "kill" });
  } catch {
    // A container that has just ended cannot be killed; the stop that runs beside this tells what is left, or that the
    // engine is gone.
  }
}
