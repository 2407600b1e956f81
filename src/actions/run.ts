import { randomBytes } from "node:crypto";

import { UsageError } from "../model/error.ts";
import type { Plan } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";
import type { OneOffRequest } from "../planner/up-options.ts";
import { makeReady, type Ready } from "./bring-up.ts";
import { run as perform } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { creationOptions, quietened } from "./creation-options.ts";
import { launch, type LaunchOptions, type OneOffContainer, removeRemains } from "./launch.ts";
import { type OneOffChanges, oneOffService } from "./one-off-service.ts";
import { preparedProject } from "./prepared-project.ts";
import type { Window } from "./stream-session.ts";

export interface RunOptions extends Omit<OneOffChanges, "name"> {
  readonly service: string;
  /** Absent: one that nobody else has. */
  readonly name?: string | undefined;
  /** Build images first, also where they exist. */
  readonly build: boolean;
  /** When to pull; absent: what each service says, or when missing. */
  readonly pull?: "always" | "missing" | "never" | "build" | undefined;
  /** No progress of pulls. */
  readonly quietPull: boolean;
  /** No progress of builds. */
  readonly quietBuild: boolean;
  /** Remove containers of services that the file no longer has. */
  readonly removeOrphans: boolean;
  /** Leave alone what the service depends on. */
  readonly noDeps: boolean;
  /** Remove the container when its command has ended, or when it is interrupted. */
  readonly remove: boolean;
  /** Answer for the service in its networks. */
  readonly useAliases: boolean;
  /** Of the terminal that the command is to have. */
  readonly window?: Window | undefined;
}

/** Everything that the command needs is there, and its container; the command itself has not begun. */
export interface PreparedRun extends ChangeResult {
  readonly plan: Plan;
  /** Absent: somebody said no, or it is a dry run. */
  readonly container?: OneOffContainer | undefined;
  /**
   * Until the command has begun, the project stays locked. Resolves with its exit code, when it is detached or left by
   * the detach keys with 0.
   */
  start(options: LaunchOptions): Promise<number>;
}

/** `run`, up to the command itself: images, dependencies as far as they have to be, and the container. */
export async function prepareRun(context: ActionContext, options: RunOptions): Promise<PreparedRun> {
  const slug = randomBytes(32).toString("hex");
  const { project, service } = await oneOffProject(context, options, slug);
  const { remove, interactive, useAliases, window } = options;
  const oneOff = {
    service: service.name,
    name: service.container_name ?? "",
    slug,
    interactive,
    autoRemove: remove,
    useAliases,
    size: window?.size(),
  };
  const creation = { ...options, services: [service.name], noBuild: false, forceRecreate: false, noRecreate: false };
  const request = { verb: "run", project, options: { ...creationOptions(project, creation), oneOff } };
  const quiet = withoutRow(quietened(context, options), `container ${oneOff.name}`);
  const ready = await makeReady(quiet, request);
  const { plan } = ready;
  const release = async (): Promise<void> => {
    await ready[Symbol.asyncDispose]();
  };
  try {
    if (!ready.agreed) {
      await release();
      return { plan, start: async () => 0 };
    }
    const container = await create(quiet, ready, { ...oneOff, service });
    return { plan, container, start: (given) => launch(context, { ...container, release }, given) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The container of the command itself is no news: what it has to say follows at once. */
function withoutRow(context: ActionContext, row: string): ActionContext {
  return {
    ...context,
    onEvent(event) {
      if (event.kind === "plan.started")
        context.onEvent({ ...event, steps: event.steps.filter(({ resource }) => resource !== row) });
      else if (!("resource" in event) || event.resource !== row || event.kind === "step.failed") context.onEvent(event);
    },
  };
}

/** All in one, for programs. */
export async function run(
  context: ActionContext,
  options: RunOptions & LaunchOptions,
): Promise<ChangeResult & { readonly container?: OneOffContainer | undefined }> {
  const prepared = await prepareRun(context, options);
  const { plan, container } = prepared;
  return { plan, container, exitCode: await prepared.start(options) };
}

/** The project with the service as the one container is to have it. */
async function oneOffProject(
  context: ActionContext,
  options: RunOptions,
  slug: string,
): Promise<{ readonly project: Project; readonly service: Service }> {
  const { noDeps } = options;
  const prepared = await preparedProject(context, { services: [options.service], scale: new Map(), noDeps });
  // Before what the command line adds: that is as it is.
  const project = context.adapt === undefined ? prepared : await context.adapt(prepared, context);
  const named = project.services.get(options.service);
  if (named === undefined) throw new UsageError(`no such service: ${options.service}`);
  if (named.provider !== undefined) {
    throw new UsageError(`service "${named.name}" is provided by a program, and has no container to run a command in`);
  }
  const usual = [project.name, named.name, "run", slug.slice(0, 12)].join(project.separator);
  const name = options.name === undefined || options.name === "" ? usual : options.name;
  const around = { cwd: context.source.cwd, environment: project.environment };
  const service = await oneOffService(named, { ...options, name }, around);
  const services = new Map([...project.services, [service.name, service]]);
  const volumes = await namedVolumes(context, project, service);
  return { project: { ...project, services, volumes }, service };
}

/** `--volume data:/data` means the project's volume, also where the service itself does not use it. */
async function namedVolumes(context: ActionContext, project: Project, service: Service): Promise<Project["volumes"]> {
  const missing = (service.volumes ?? []).flatMap(({ type, source }) =>
    type === "volume" && source !== undefined && !project.volumes.has(source) ? [source] : [],
  );
  if (missing.length === 0) return project.volumes;
  const whole = await context.project();
  return new Map([...project.volumes, ...[...whole.volumes].filter(([key]) => missing.includes(key))]);
}

/** Everything of the plan but the steps of the container itself once it is there: those are for who attaches to it. */
async function create(
  context: ActionContext,
  ready: Ready,
  { service, name, slug, autoRemove }: Omit<OneOffRequest, "service"> & { readonly service: Service },
): Promise<OneOffContainer> {
  const { project, plan } = ready;
  const creation = plan.steps.find((step) => step.kind === "container.create" && step.oneOff !== undefined);
  const steps = plan.steps.filter(({ id }) => id <= (creation?.id ?? 0));
  try {
    const { created } = await perform(context, { project, plan: { ...plan, steps }, verb: "run" });
    const id = created.get(creation?.id ?? 0) ?? "";
    const later = plan.steps.filter((step) => !steps.includes(step));
    return { id, name, project, service, steps: later, remove: autoRemove };
  } catch (error) {
    const cancelled = context.signal.aborted;
    if (autoRemove) await removeRemains(await context.engine(), project.name, { slug, cancelled });
    throw error;
  }
}
