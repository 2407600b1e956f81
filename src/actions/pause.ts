import type { ActionContext, ChangeResult } from "./context.ts";

export interface PauseOptions {
  /** Empty: all. */
  readonly services: readonly string[];
}

export async function pause(context: ActionContext, options: PauseOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("pause is being written");
}
