import type { Output } from "../model/output.ts";
import type { ActionContext, ChangeResult } from "./context.ts";

export interface UpOptions {
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
  readonly alwaysRecreateDeps: boolean;
  readonly renewAnonVolumes: boolean;
  readonly noDeps: boolean;
  readonly noStart: boolean;
  readonly quietBuild: boolean;
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
  /** Done only when everything runs, is healthy, or has done its job. */
  readonly wait: boolean;
  readonly waitTimeoutSeconds?: number | undefined;
  /** Present: stay, and show what the containers write. */
  readonly attached?: AttachOptions | undefined;
}

export async function up(context: ActionContext, options: UpOptions): Promise<ChangeResult> {
  await context.project({ select: { services: options.services, dependencies: true } });
  throw new Error("up is being written");
}

export interface AttachOptions {
  /** Empty: all that are brought up. */
  readonly attach: readonly string[];
  readonly noAttach: readonly string[];
  readonly attachDependencies: boolean;
  readonly abortOnContainerExit: boolean;
  readonly abortOnContainerFailure: boolean;
  readonly exitCodeFrom?: string | undefined;
  /** Lines of the containers, and what happens to them. */
  /** A promise when the listener is slow: it wants nothing more before that resolves. */
  readonly onOutput: (output: Output) => Promise<void> | undefined;
  /** Aborted by the first Ctrl-C: stop gracefully. */
  readonly stop: AbortSignal;
  /** Aborted by the second: kill. */
  readonly kill: AbortSignal;
}
