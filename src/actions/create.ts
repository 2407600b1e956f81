import { bringUp } from "./bring-up.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { creationOptions, quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

export interface CreateOptions {
  /** Named on the command line; empty: all. */
  readonly services: readonly string[];
  /** Build images first, also where they exist. */
  readonly build: boolean;
  /** Never build; an image that is missing is an error, or pulled. */
  readonly noBuild: boolean;
  /** When to pull; absent: what each service says, or when missing. */
  readonly pull?: "always" | "missing" | "never" | "build" | undefined;
  /** No progress of pulls. */
  readonly quietPull: boolean;
  /** Replace containers even where nothing changed. */
  readonly forceRecreate: boolean;
  /** Keep containers that exist, whatever changed. */
  readonly noRecreate: boolean;
  /** Remove containers of services that the file no longer has. */
  readonly removeOrphans: boolean;
  /** Service → how many containers. */
  readonly scale: ReadonlyMap<string, number>;
}

export async function create(context: ActionContext, options: CreateOptions): Promise<ChangeResult> {
  const project = await preparedProject(context, options);
  const planned = { ...creationOptions(project, options), start: false };
  return { plan: await bringUp(quietened(context, options), { verb: "create", project, options: planned }) };
}
