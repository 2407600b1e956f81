import type { ActionContext, ChangeResult } from "./context.ts";

export interface ScaleOptions {
  /** Those named in `scale`. */
  readonly services: readonly string[];
  readonly scale: ReadonlyMap<string, number>;
  readonly noDeps: boolean;
}

export async function scale(context: ActionContext, options: ScaleOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("scale is being written");
}
