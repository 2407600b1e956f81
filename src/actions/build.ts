import type { ActionContext, ChangeResult } from "./context.ts";

export interface BuildOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** "KEY=value", or "KEY" for the environment's value. */
  readonly buildArgs: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly push: boolean;
  readonly quiet: boolean;
  readonly withDependencies: boolean;
  readonly ssh?: string | undefined;
  /** As written: "512m". */
  readonly memory?: string | undefined;
  readonly builder?: string | undefined;
  readonly provenance?: string | undefined;
  readonly sbom?: string | undefined;
  readonly check: boolean;
}

export async function build(context: ActionContext, options: BuildOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("build is being written");
}
