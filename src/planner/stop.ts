import type { ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { planBuilder } from "./builder.ts";
import { containersOf, isChosen } from "./members.ts";
import { dependentsFirst } from "./reverse.ts";
import { isAlive, stopSteps } from "./stopping.ts";

export interface StopOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
}

export function planStop(project: Project, observed: ObservedState, options: StopOptions): Plan {
  const plan = planBuilder();
  const { timeoutSeconds } = options;
  dependentsFirst(project, (service, after) => {
    if (!isChosen(options.services, service.name)) return [];
    const alive = containersOf(observed, service.name).filter((each) => isAlive(each));
    return alive.flatMap((container) =>
      stopSteps(plan, { container, cause: "asked for", after, timeoutSeconds, hooksOf: service }),
    );
  });
  return plan.finish();
}
