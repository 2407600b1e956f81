import type { ActionContext, ChangeResult } from "./context.ts";

export interface StopOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
}

export async function stop(context: ActionContext, options: StopOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("stop is being written");
}
