import { UsageError } from "../model/error.ts";
import { emptyPlan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import type { OnWatch } from "../model/watch.ts";
import { imageNeeds } from "../planner/images.ts";
import { bringUp, type BringUp } from "./bring-up.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";
import { openWatch, type WatchSession } from "./watch/session.ts";
import { type WatchedTrigger, watchTriggers } from "./watch/triggers.ts";

export interface WatchVerbOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** false: the containers run already. */
  readonly up: boolean;
  /** Remove images that a rebuild leaves without a name. */
  readonly prune: boolean;
  /** Build without showing progress. */
  readonly quiet: boolean;
  readonly onWatch: OnWatch;
  /** Stop watching; the containers go on. */
  readonly stop: AbortSignal;
}

/** Brings the project up, and keeps its containers like the files that they were made from. */
export async function watch(context: ActionContext, options: WatchVerbOptions): Promise<ChangeResult> {
  const quiet = quietened(context, { quietBuild: options.quiet });
  const { services, onWatch, prune, stop } = options;
  const prepared = await preparedProject(context, { services, scale: new Map() });
  const triggers = await triggersOf(context, prepared);
  const project = withFreshImages(prepared, triggers);
  const request: BringUp = { verb: "watch", project, options: { services } };
  if (context.dryRun) return { plan: await bringUp(quiet, request) };
  await using _only = await onlyWatch(context, project);
  await using session = await openWatch(quiet, { project, triggers, prune, onWatch });
  const plan = options.up ? await upFilled(quiet, { request, session, triggers }) : emptyPlan;
  await session.run(stop);
  return { plan };
}

/** The rules, or why there is nothing to watch. */
export async function triggersOf(context: ActionContext, project: Project): Promise<readonly WatchedTrigger[]> {
  const triggers = await watchTriggers(project);
  if (triggers.length === 0) {
    throw new UsageError(
      "none of the selected services is configured for watch",
      'say in its "develop" section what to watch, and what to do then',
    );
  }
  for (const { service, rule, mounted } of triggers) {
    if (!mounted) continue;
    const message = `service "${service}" sees ${rule.path} through a bind mount: nothing of it is copied`;
    context.onEvent({ kind: "notice", severity: "warning", message });
  }
  return triggers;
}

/** Who is rebuilt when files change starts with an image of the files as they are. */
export function withFreshImages(project: Project, triggers: readonly WatchedTrigger[]): Project {
  const rebuilt = new Set(triggers.filter(({ rule }) => rule.action === "rebuild").map(({ service }) => service));
  const services = [...project.services].map(([name, service]) =>
    rebuilt.has(name) ? ([name, { ...service, pull_policy: "build" }] as const) : ([name, service] as const),
  );
  return { ...project, services: new Map(services) };
}

export interface UpFilled {
  readonly request: BringUp;
  readonly session: WatchSession;
  readonly triggers: readonly WatchedTrigger[];
}

/** With `initial_sync`, the files are there before the process that reads them. */
export async function upFilled(context: ActionContext, filling: UpFilled): Promise<ChangeResult["plan"]> {
  return bringUp(context, await createFilled(context, filling));
}

/** Creates and fills what has to be filled; gives back what is left to do. */
export async function createFilled(context: ActionContext, { request, session, triggers }: UpFilled): Promise<BringUp> {
  if (triggers.every(({ rule }) => rule.initial_sync !== true)) return request;
  await bringUp(withoutUnchanged(context), { ...request, options: { ...request.options, start: false } });
  await session.fillCreated();
  const brought = new Set(imageNeeds(request.project).map(({ key }) => key));
  const images = { pull: undefined, build: false, noBuild: true, brought };
  const once = { forceRecreate: false, renewAnonymousVolumes: false, images };
  return { ...request, options: { ...request.options, ...once } };
}

/** What needs nothing is told once, when all is done. */
function withoutUnchanged(context: ActionContext): ActionContext {
  return {
    ...context,
    onEvent(event) {
      if (event.kind !== "resource.unchanged") context.onEvent(event);
    },
  };
}

/** Two that watch the same files would do everything twice. */
export async function onlyWatch(context: ActionContext, project: Project): Promise<AsyncDisposable> {
  const { lockIfFree } = await import("../executor/lock.ts");
  const { info } = await context.engine();
  let holder = "another process";
  const lock = await lockIfFree({
    endpoint: info.endpoint,
    project: `${project.name} watch`,
    holder: { pid: process.pid, verb: "watch", workingDir: project.workingDir },
    onWait(other) {
      if (other !== undefined) holder = `process ${other.pid} in ${other.workingDir}`;
    },
    signal: context.signal,
  });
  if (lock !== undefined) return lock;
  throw new UsageError(`project "${project.name}" is watched already, by ${holder}`, "end that watch first");
}
