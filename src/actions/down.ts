import type { ActionContext, ChangeResult } from "./context.ts";

export interface DownOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly removeOrphans: boolean;
  /** Named volumes of the project and anonymous ones. */
  readonly volumes: boolean;
  readonly removeImages?: "all" | "local" | undefined;
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
}

export async function down(context: ActionContext, options: DownOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("down is being written");
}
