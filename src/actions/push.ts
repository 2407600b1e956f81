import type { ActionContext, ChangeResult } from "./context.ts";

export interface PushOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly ignorePushFailures: boolean;
  readonly includeDeps: boolean;
  readonly quiet: boolean;
}

export async function push(context: ActionContext, options: PushOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("push is being written");
}
