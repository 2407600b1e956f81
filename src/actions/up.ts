import type { Output } from "../model/output.ts";
import type { Project } from "../model/project.ts";
import type { UpOptions as PlanOptions } from "../planner/up-options.ts";
import { plannedContainers, startedContainers, stopAttached } from "./attached-containers.ts";
import { bringUp, type BringUp, makeReady } from "./bring-up.ts";
import { run } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { creationOptions, quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

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
  const project = await preparedProject(context, options);
  const request = { verb: "up", project, options: planOptions(project, options) };
  const { attached } = options;
  if (attached === undefined || context.dryRun) {
    return { plan: await bringUp(quietened(context, options), request) };
  }
  return upAttached(context, { options, attached, request });
}

function planOptions(project: Project, options: UpOptions): Partial<PlanOptions> {
  const { timeoutSeconds, wait, waitTimeoutSeconds } = options;
  return {
    ...creationOptions(project, options),
    start: !options.noStart,
    alwaysRecreateDependencies: options.alwaysRecreateDeps,
    renewAnonymousVolumes: options.renewAnonVolumes,
    timeoutSeconds,
    wait,
    // 0 means as long as it takes.
    waitTimeoutMs: waitTimeoutSeconds === undefined || waitTimeoutSeconds === 0 ? undefined : waitTimeoutSeconds * 1000,
  };
}

interface AttachedUp {
  readonly options: UpOptions;
  readonly attached: AttachOptions;
  readonly request: BringUp;
}

/** The first Ctrl-C ends bringing up, too; the context's own signal is the second. */
async function upAttached(context: ActionContext, { options, attached, request }: AttachedUp): Promise<ChangeResult> {
  const { attachUp } = await import("./attach-up.ts");
  const patient = quietened({ ...context, signal: AbortSignal.any([context.signal, attached.stop]) }, options);
  const ready = await makeReady(patient, request);
  const { plan, observed, project } = ready;
  const fates = plannedContainers(plan, observed);
  const exitCode = await attachUp({
    engine: await context.engine(),
    project,
    options: attached,
    services: options.services,
    ...fates,
    async bringUp() {
      await using _locked = ready;
      if (!ready.agreed) return [];
      const { created } = await run(patient, { project, plan, verb: request.verb });
      return startedContainers(plan, created);
    },
    stop: (kill) => stopAttached(context, { project, options, kill }),
  });
  return { plan, exitCode };
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
