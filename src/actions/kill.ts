import type { ActionContext, ChangeResult } from "./context.ts";

export interface KillOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly signalName: string;
  readonly removeOrphans: boolean;
}

export async function kill(context: ActionContext, options: KillOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("kill is being written");
}
