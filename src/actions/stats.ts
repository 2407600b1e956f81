import type { Engine, ResourceUse } from "../engine/engine.ts";
import { EngineError } from "../model/error.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { ActionContext } from "./context.ts";
import { projectOfContainers } from "./known-project.ts";
import { checkServiceNames } from "./service-names.ts";
import { followStats } from "./stats/follow.ts";

export interface StatsOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Those that do not run, too; they take nothing. */
  readonly all: boolean;
  /** Go on, about once a second; otherwise there is one answer. */
  readonly stream: boolean;
}

export interface ContainerStats {
  readonly container: ObservedContainer;
  /** Absent as long as the engine has not said. */
  readonly use: ResourceUse | undefined;
}

/** What the project's containers take of the machine, by name; with `stream` also of those that start later. */
export async function* stats(context: ActionContext, options: StatsOptions): AsyncGenerator<readonly ContainerStats[]> {
  const { services, all, stream } = options;
  const [project, engine] = await Promise.all([projectOfContainers(context, services), context.engine()]);
  const list = async (): Promise<readonly ObservedContainer[]> => {
    const found = await engine.listContainers({ project: project.name, all }, context.signal);
    return found.filter((each) => services.length === 0 || services.includes(each.service)).toSorted(byName);
  };
  const known = await engine.listContainers({ project: project.name, all: true }, context.signal);
  checkServiceNames(
    project,
    services,
    known.map(({ service }) => service),
  );
  if (stream) yield* followStats({ engine, project: project.name, list, signal: context.signal });
  else yield await Promise.all((await list()).map((container) => sample(engine, container, context.signal)));
}

function byName(one: ObservedContainer, other: ObservedContainer): number {
  return one.name < other.name ? -1 : 1;
}

async function sample(engine: Engine, container: ObservedContainer, signal: AbortSignal): Promise<ContainerStats> {
  try {
    for await (const use of engine.statsContainer(container.id, { stream: false }, signal)) return { container, use };
  } catch (error) {
    // It may have been removed since it was listed.
    if (!(error instanceof EngineError && error.status === 404)) throw error;
  }
  return { container, use: undefined };
}

/** The format that somebody has set for good in the docker CLI's settings. */
export async function defaultStatsFormat({ source }: ActionContext): Promise<string> {
  const { readDockerConfig } = await import("../engine/docker-config.ts");
  return readDockerConfig(source.environment).statsFormat ?? "table";
}
