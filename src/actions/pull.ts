import { planPull } from "../planner/pull.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

export interface PullOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly ignoreBuildable: boolean;
  readonly ignorePullFailures: boolean;
  readonly includeDeps: boolean;
  readonly policy?: "missing" | "always" | undefined;
  readonly quiet: boolean;
}

export async function pull(context: ActionContext, options: PullOptions): Promise<ChangeResult> {
  const { services, includeDeps, quiet } = options;
  const project = await preparedProject(context, { services, scale: new Map(), noDeps: !includeDeps });
  return change(quietened(context, { quietPull: quiet }), {
    verb: "pull",
    project,
    interest: { images: true },
    plan: (observed) => planPull(project, observed, options),
  });
}
