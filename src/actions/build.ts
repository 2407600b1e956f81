import { planBuild } from "../planner/build.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

export interface BuildOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** "KEY=value", or "KEY" for the environment's value. */
  readonly buildArgs: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly push: boolean;
  readonly quiet: boolean;
  readonly withDependencies: boolean;
  readonly ssh?: string | undefined;
  /** As written: "512m". */
  readonly memory?: string | undefined;
  readonly builder?: string | undefined;
  readonly provenance?: string | undefined;
  readonly sbom?: string | undefined;
  readonly check: boolean;
}

export async function build(context: ActionContext, options: BuildOptions): Promise<ChangeResult> {
  const { services, withDependencies, quiet } = options;
  const project = await preparedProject(context, { services, scale: new Map(), noDeps: !withDependencies });
  return change(quietened(context, { quietBuild: quiet }), {
    verb: "build",
    project,
    interest: {},
    plan: () => planBuild(project, options),
  });
}
