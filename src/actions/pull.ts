import type { OnEvent } from "../model/event.ts";
import { planPull } from "../planner/pull.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

export interface PullOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Not those that can be built. */
  readonly ignoreBuildable: boolean;
  /** What cannot be pulled is only a warning. */
  readonly ignorePullFailures: boolean;
  /** What the named services depend on, too. */
  readonly includeDeps: boolean;
  /** "missing": only what is not there. */
  readonly policy?: "missing" | "always" | undefined;
  /** No progress. */
  readonly quiet: boolean;
}

export async function pull(context: ActionContext, options: PullOptions): Promise<ChangeResult> {
  const { services, includeDeps, quiet } = options;
  const project = await preparedProject(context, {
    services,
    scale: new Map(),
    noDeps: !includeDeps,
    resolveEnvironment: false,
  });
  const failed = new Set<string>();
  const onEvent: OnEvent = (event) => {
    if (event.kind === "step.done" && event.status === "Not pulled") failed.add(event.resource);
    context.onEvent(event);
  };
  const result = await change(quietened({ ...context, onEvent }, { quietPull: quiet }), {
    verb: "pull",
    project: async () => project,
    interest: { images: true },
    plan: (_, observed) => planPull(project, observed, options),
  });
  const buildable = [...project.services.values()].filter(
    ({ build, image }) => build !== undefined && image !== undefined && failed.has(`image ${image}`),
  );
  if (buildable.length > 0) {
    const names = buildable.map(({ name }) => name).join(" ");
    context.onEvent({ kind: "notice", severity: "info", message: `build it here: tscompose build ${names}` });
  }
  return result;
}
