import { planRm, removalKey } from "../planner/rm.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { knownProject } from "./known-project.ts";

export interface RmOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Stop them first. */
  readonly stop: boolean;
  /** Their anonymous volumes, too. */
  readonly volumes: boolean;
  /** Nobody is asked. */
  readonly force: boolean;
}

export async function rm(context: ActionContext, options: RmOptions): Promise<ChangeResult> {
  return change(context, {
    verb: "rm",
    project: () => knownProject(context, options.services),
    interest: {},
    plan: (project, observed, answered) => {
      const confirmed = options.force ? new Set([...answered, removalKey]) : answered;
      return planRm(project, observed, { ...options, confirmed });
    },
  });
}
