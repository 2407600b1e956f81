import { EngineError } from "../model/error.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { ActionContext } from "./context.ts";
import { projectOfContainers } from "./known-project.ts";
import { listOwn } from "./own-containers.ts";
import { checkServiceNames } from "./service-names.ts";

export interface ContainerProcesses {
  readonly container: ObservedContainer;
  readonly titles: readonly string[];
  readonly processes: readonly (readonly string[])[];
}

/** What runs inside the project's running containers. */
export async function top(
  context: ActionContext,
  options: { readonly services: readonly string[] },
): Promise<readonly ContainerProcesses[]> {
  const [project, engine] = await Promise.all([projectOfContainers(context, options.services), context.engine()]);
  const containers = await listOwn(engine, { project: project.name, all: false }, context.signal);
  checkServiceNames(
    project,
    options.services,
    containers.map(({ service }) => service),
  );
  const wanted = containers
    .filter(
      ({ service, state }) =>
        (options.services.length === 0 || options.services.includes(service)) && state !== "restarting",
    )
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const looked = wanted.map(async (container) => {
    const found = await engine.topContainer(container.id, context.signal).catch(absentIfEnded);
    return found === undefined ? [] : [{ container, ...found }];
  });
  return (await Promise.all(looked)).flat();
}

/** It has ended, or was removed, since it was listed. */
function absentIfEnded(error: unknown): undefined {
  if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
}
