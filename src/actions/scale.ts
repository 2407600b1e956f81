import { bringUp } from "./bring-up.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { preparedProject } from "./prepared-project.ts";

export interface ScaleOptions {
  /** Those named in `scale`. */
  readonly services: readonly string[];
  readonly scale: ReadonlyMap<string, number>;
  readonly noDeps: boolean;
}

export async function scale(context: ActionContext, options: ScaleOptions): Promise<ChangeResult> {
  const project = await preparedProject(context, options);
  const { services } = options;
  return { plan: await bringUp(context, { verb: "scale", project, options: { services, ignoreOrphans: true } }) };
}
