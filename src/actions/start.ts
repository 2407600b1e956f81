import type { ActionContext, ChangeResult } from "./context.ts";

export interface StartOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly wait: boolean;
  readonly waitTimeoutSeconds?: number | undefined;
}

export async function start(context: ActionContext, options: StartOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("start is being written");
}
