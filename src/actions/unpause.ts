import { planUnpause } from "../planner/signal.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { knownProject } from "./known-project.ts";

export interface UnpauseOptions {
  /** Empty: all. */
  readonly services: readonly string[];
}

export async function unpause(context: ActionContext, options: UnpauseOptions): Promise<ChangeResult> {
  return change(context, {
    verb: "unpause",
    project: () => knownProject(context, options.services),
    interest: {},
    plan: (project, observed) => planUnpause(project, observed, options.services),
  });
}
