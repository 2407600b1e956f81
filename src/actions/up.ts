import { UsageError } from "../model/error.ts";
import type { Output } from "../model/output.ts";
import type { Project } from "../model/project.ts";
import type { OnWatch } from "../model/watch.ts";
import type { UpOptions as PlanOptions } from "../planner/up-options.ts";
import type { WatchSwitch } from "./attach-watch.ts";
import { plannedContainers, startedContainers, stopAttached } from "./attached-containers.ts";
import { bringUp, type BringUp, makeReady } from "./bring-up.ts";
import { run } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { creationOptions, quietened, removesOrphans } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";
import { checkBroughtUp } from "./service-names.ts";

export interface UpOptions {
  /** Named on the command line; empty: all. */
  readonly services: readonly string[];
  /** Build images first, also where they exist. */
  readonly build: boolean;
  /** Never build; an image that is missing is an error, or pulled. */
  readonly noBuild: boolean;
  /** When to pull; absent: what each service says, or when missing. */
  readonly pull?: "always" | "missing" | "never" | "build" | undefined;
  /** No progress of pulls. */
  readonly quietPull: boolean;
  /** Replace containers even where nothing changed. */
  readonly forceRecreate: boolean;
  /** Keep containers that exist, whatever changed. */
  readonly noRecreate: boolean;
  /** Remove containers of services that the file no longer has; absent: what COMPOSE_REMOVE_ORPHANS says. */
  readonly removeOrphans: boolean | undefined;
  /** Service → how many containers. */
  readonly scale: ReadonlyMap<string, number>;
  /** Replace what the named services depend on, too. */
  readonly alwaysRecreateDeps: boolean;
  /** New anonymous volumes, instead of those of the containers before. */
  readonly renewAnonVolumes: boolean;
  /** Leave alone what the services depend on. */
  readonly noDeps: boolean;
  /** Create, but do not start. */
  readonly noStart: boolean;
  /** No progress of builds. */
  readonly quietBuild: boolean;
  /** Absent: each container's own grace period. */
  readonly timeoutSeconds?: number | undefined;
  /** Done only when everything runs, is healthy, or has done its job. */
  readonly wait: boolean;
  /** How long `wait` waits; absent or 0: as long as it takes. */
  readonly waitTimeoutSeconds?: number | undefined;
  /** Present: stay, and show what the containers write. */
  readonly attached?: AttachOptions | undefined;
}

export async function up(context: ActionContext, options: UpOptions): Promise<ChangeResult> {
  const project = await preparedProject(context, options);
  if (project.services.size === 0) {
    throw new UsageError(
      "no service selected",
      "each belongs to a profile: enable one with --profile, or name a service",
    );
  }
  const request = { verb: "up", project, options: planOptions(project, options) };
  const { attached } = options;
  checkBroughtUp(project, "--attach", attached?.attach ?? []);
  checkBroughtUp(project, "--exit-code-from", attached?.exitCodeFrom === undefined ? [] : [attached.exitCodeFrom]);
  if (attached === undefined || context.dryRun) {
    return { plan: await bringUp(quietened(context, options), request) };
  }
  return upAttached(context, { options, attached, request });
}

function planOptions(project: Project, options: UpOptions): Partial<PlanOptions> {
  const { timeoutSeconds, wait, waitTimeoutSeconds } = options;
  const creation = creationOptions(project, options);
  const removeOrphans = removesOrphans(project.environment, options.removeOrphans);
  if (removeOrphans && creation.ignoreOrphans === true) {
    throw new UsageError("COMPOSE_IGNORE_ORPHANS and --remove-orphans exclude each other");
  }
  return {
    ...creation,
    removeOrphans,
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
async function upAttached(context: ActionContext, given: AttachedUp): Promise<ChangeResult> {
  const { options, attached } = given;
  const { attachUp } = await import("./attach-up.ts");
  const patient = quietened({ ...context, signal: AbortSignal.any([context.signal, attached.stop]) }, options);
  const { watching, request } = await prepareWatch(patient, given);
  try {
    const ready = await makeReady(patient, request);
    const { plan, observed, project } = ready;
    const fates = plannedContainers(plan, observed);
    const exitCode = await attachUp({
      engine: await context.engine(),
      project,
      options: attached,
      services: options.services,
      ...fates,
      watching,
      async bringUp() {
        await using _locked = ready;
        if (!ready.agreed) return [];
        const { created } = await run(patient, { project, plan, verb: request.verb });
        if (attached.watch) watching.toggle();
        return startedContainers(plan, created);
      },
      stop: (kill) => stopAttached(context, { project, options, kill }),
    });
    return { plan, exitCode };
  } finally {
    await watching.close();
  }
}

interface PreparedWatch {
  readonly watching: WatchSwitch;
  readonly request: BringUp;
}

/** With --watch, files are watched from here on, and images and containers start with what they are now. */
async function prepareWatch(context: ActionContext, { attached, request }: AttachedUp): Promise<PreparedWatch> {
  const { watchSwitch } = await import("./attach-watch.ts");
  const { onWatch } = attached;
  const watching = watchSwitch(context, { project: request.project, onWatch });
  if (!attached.watch) return { watching, request };
  const { createFilled, withFreshImages } = await import("./watch.ts");
  const opened = await watching.open();
  try {
    const project = withFreshImages(request.project, opened.triggers);
    return { watching, request: await createFilled(context, { ...opened, request: { ...request, project } }) };
  } catch (error) {
    await watching.close();
    throw error;
  }
}

/** What keys may do while `up` is attached. */
export interface Attached {
  readonly toggleWatch: () => void;
}

export interface AttachOptions {
  /** Empty: all that are brought up. */
  readonly attach: readonly string[];
  readonly noAttach: readonly string[];
  readonly attachDependencies: boolean;
  readonly abortOnContainerExit: boolean;
  readonly abortOnContainerFailure: boolean;
  readonly exitCodeFrom?: string | undefined;
  /** Lines of the containers, and what happens to them. A promise: nothing more is wanted before it resolves. */
  readonly onOutput: (output: Output) => Promise<void> | undefined;
  /** Aborted by the first Ctrl-C: stop gracefully. */
  readonly stop: AbortSignal;
  /** Aborted by the second: kill. */
  readonly kill: AbortSignal;
  /** Aborted by who wants to be off; the containers go on. */
  readonly detach: AbortSignal;
  /** Watch the files of services that say so, from the start. */
  readonly watch: boolean;
  readonly onWatch: OnWatch;
  readonly onAttached?: ((attached: Attached) => void) | undefined;
}
