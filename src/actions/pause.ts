import { planPause } from "../planner/signal.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { knownProject } from "./known-project.ts";

export interface PauseOptions {
  /** Empty: all. */
  readonly services: readonly string[];
}

export async function pause(context: ActionContext, options: PauseOptions): Promise<ChangeResult> {
  return change(context, {
    verb: "pause",
    project: () => knownProject(context, options.services),
    interest: {},
    plan: (project, observed) => planPause(project, observed, options.services),
  });
}
