import { planDown } from "../planner/down.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { removesOrphans } from "./creation-options.ts";
import { knownProject } from "./known-project.ts";

export interface DownOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Remove containers of services that the file no longer has; absent: what COMPOSE_REMOVE_ORPHANS says. */
  readonly removeOrphans: boolean | undefined;
  /** Named volumes of the project and anonymous ones. */
  readonly volumes: boolean;
  /** "local": images without a name of their own; "all": every one that services use. */
  readonly removeImages?: "all" | "local" | undefined;
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
}

export async function down(context: ActionContext, options: DownOptions): Promise<ChangeResult> {
  const removesImages = options.removeImages !== undefined;
  return change(context, {
    verb: "down",
    project: () => knownProject(context, options.services),
    interest: { resources: true, images: removesImages, built: removesImages },
    plan: (project, observed) => {
      const environment = new Map([...context.source.environment, ...project.environment]);
      const removeOrphans = removesOrphans(environment, options.removeOrphans);
      return planDown(project, observed, { ...options, removeOrphans });
    },
  });
}
