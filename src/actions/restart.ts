import { planRestart } from "../planner/restart.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { startedProject } from "./known-project.ts";

export interface RestartOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Leave alone who depends on the services with `restart: true`. */
  readonly noDeps: boolean;
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
}

export async function restart(context: ActionContext, options: RestartOptions): Promise<ChangeResult> {
  return change(context, {
    verb: "restart",
    project: () => startedProject(context, options.services),
    interest: {},
    plan: (project, observed) => planRestart(project, observed, options),
  });
}
