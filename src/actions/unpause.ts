import { planUnpause } from "../planner/signal.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { knownProject } from "./known-project.ts";

export interface UnpauseOptions {
  /** Empty: all. */
  readonly services: readonly string[];
}

export async function unpause(context: ActionContext, options: UnpauseOptions): Promise<ChangeResult> {
  const project = await knownProject(context, options.services);
  return change(context, {
    verb: "unpause",
    project,
    interest: {},
    plan: (observed) => planUnpause(project, observed, options.services),
  });
}
