import { planPush } from "../planner/push.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

export interface PushOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** What cannot be pushed is only a warning. */
  readonly ignorePushFailures: boolean;
  /** What the named services depend on, too. */
  readonly includeDeps: boolean;
  /** No progress. */
  readonly quiet: boolean;
}

export async function push(context: ActionContext, options: PushOptions): Promise<ChangeResult> {
  const { services, includeDeps, quiet } = options;
  const project = await preparedProject(context, {
    services,
    scale: new Map(),
    noDeps: !includeDeps,
    resolveEnvironment: false,
  });
  return change(quietened(context, { quietPush: quiet }), {
    verb: "push",
    project: async () => project,
    interest: {},
    plan: () => planPush(project, options),
  });
}
