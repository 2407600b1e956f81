import type { ActionContext, ChangeResult } from "./context.ts";

export interface CreateOptions {
  /** Named on the command line; empty: all. */
  readonly services: readonly string[];
  readonly build: boolean;
  readonly noBuild: boolean;
  readonly pull?: "always" | "missing" | "never" | "build" | undefined;
  readonly quietPull: boolean;
  readonly forceRecreate: boolean;
  readonly noRecreate: boolean;
  readonly removeOrphans: boolean;
  readonly scale: ReadonlyMap<string, number>;
}

export async function create(context: ActionContext, options: CreateOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("create is being written");
}
