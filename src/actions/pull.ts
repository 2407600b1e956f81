import type { ActionContext, ChangeResult } from "./context.ts";

export interface PullOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly ignoreBuildable: boolean;
  readonly ignorePullFailures: boolean;
  readonly includeDeps: boolean;
  readonly policy?: "missing" | "always" | undefined;
  readonly quiet: boolean;
}

export async function pull(context: ActionContext, options: PullOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("pull is being written");
}
