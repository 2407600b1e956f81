import type { ActionContext, ChangeResult } from "./context.ts";

export interface RmOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Stop them first. */
  readonly stop: boolean;
  /** Their anonymous volumes, too. */
  readonly volumes: boolean;
  /** Nobody is asked. */
  readonly force: boolean;
}

export async function rm(context: ActionContext, options: RmOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("rm is being written");
}
