import type { ActionContext, ChangeResult } from "./context.ts";

export interface RestartOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly noDeps: boolean;
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
}

export async function restart(context: ActionContext, options: RestartOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("restart is being written");
}
