import { planStop } from "../planner/stop.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { knownProject } from "./known-project.ts";

export interface StopOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
}

export async function stop(context: ActionContext, options: StopOptions): Promise<ChangeResult> {
  return change(context, {
    verb: "stop",
    project: () => knownProject(context, options.services),
    interest: {},
    plan: (project, observed) => planStop(project, observed, options),
  });
}
