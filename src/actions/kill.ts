import { planKill } from "../planner/signal.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { knownProject } from "./known-project.ts";

export interface KillOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly signalName: string;
  readonly removeOrphans: boolean;
}

export async function kill(context: ActionContext, options: KillOptions): Promise<ChangeResult> {
  return change(context, {
    verb: "kill",
    project: () => knownProject(context, options.services),
    interest: {},
    plan: (project, observed) => planKill(project, observed, options),
  });
}
