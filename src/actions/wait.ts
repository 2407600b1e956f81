import { UsageError } from "../model/error.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Project } from "../model/project.ts";
import { isAlive } from "../planner/stopping.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { knownProject } from "./known-project.ts";
import { listOwn } from "./own-containers.ts";
import { checkServiceNames } from "./service-names.ts";

export interface WaitOptions {
  readonly services: readonly string[];
  readonly onExit: (exit: WaitedExit) => void;
}

export interface WaitedExit {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly exitCode: number;
}

/** Waits until all running containers of the services have stopped; resolves with the exit code of the last one. */
export function wait(context: ActionContext, options: WaitOptions): Promise<number> {
  return waitFor(context, options, (exits) => Promise.all(exits));
}

/** Takes the whole project down when the first of them stops, and exits as that one did. */
export async function waitAndDown(context: ActionContext, options: WaitOptions): Promise<ChangeResult> {
  const exitCode = await waitFor(context, options, (exits) => Promise.race(exits));
  const { down } = await import("./down.ts");
  return { ...(await down(context, { services: [], removeOrphans: true, volumes: false })), exitCode };
}

async function waitFor(
  context: ActionContext,
  { services, onExit }: WaitOptions,
  enough: (exits: readonly Promise<void>[]) => Promise<unknown>,
): Promise<number> {
  const [project, engine] = await Promise.all([knownProject(context, services), context.engine()]);
  const containers = await listOwn(engine, { project: project.name, all: true }, context.signal);
  const waited = running(project, services, containers);
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  let exitCode = 0;
  const exits = waited.map(async ({ id, name, service }) => {
    const code = await (await engine.waitContainer(id, "not-running", signal)).exitCode;
    if (over.signal.aborted) return;
    exitCode = code;
    onExit({ id, name, service, exitCode: code });
  });
  try {
    await enough(exits);
  } finally {
    over.abort();
    await Promise.allSettled(exits);
  }
  return exitCode;
}

/** A service without a running container is told of, not passed over: nobody could tell that from one that has ended. */
function running(
  project: Project,
  services: readonly string[],
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  checkServiceNames(
    project,
    services,
    containers.map(({ service }) => service),
  );
  const idle = services.find((name) => !containers.some((each) => each.service === name && isAlive(each)));
  if (idle === undefined) return containers.filter((each) => services.includes(each.service) && isAlive(each));
  const ended = containers.filter((each) => each.service === idle && !each.oneOff && each.exitCode !== undefined);
  const hint = ended.map(({ name, exitCode }) => `${name} exited with code ${exitCode}`).join(", ");
  throw new UsageError(`service "${idle}" is not running`, hint === "" ? undefined : hint);
}
