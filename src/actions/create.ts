import { bringUp } from "./bring-up.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { creationOptions, quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

export interface CreateOptions {
  /** Named on the command line; empty: all. */
  readonly services: readonly string[];
  readonly build: boolean;
  readonly noBuild: boolean;
  readonly pull?: "always" | "missing" | "never" | "build" | undefined;
  readonly quietPull: boolean;
  readonly forceRecreate: boolean;
  readonly noRecreate: boolean;
  readonly removeOrphans: boolean;
  readonly scale: ReadonlyMap<string, number>;
}

export async function create(context: ActionContext, options: CreateOptions): Promise<ChangeResult> {
  const project = await preparedProject(context, options);
  const planned = { ...creationOptions(project, options), start: false };
  return { plan: await bringUp(quietened(context, options), { verb: "create", project, options: planned }) };
}
