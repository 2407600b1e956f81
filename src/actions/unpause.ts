import type { ActionContext, ChangeResult } from "./context.ts";

export interface UnpauseOptions {
  /** Empty: all. */
  readonly services: readonly string[];
}

export async function unpause(context: ActionContext, options: UnpauseOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("unpause is being written");
}
