import type { ObservedContainer } from "../model/observed.ts";
import type { ActionContext } from "./context.ts";
import { knownProject } from "./known-project.ts";
import { listOwn } from "./own-containers.ts";
import { checkServiceNames } from "./service-names.ts";

export interface PsOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Stopped containers and those of `run`, too. */
  readonly all: boolean;
  /** Only these states; empty: any. */
  readonly status: readonly string[];
  /** Containers of services that the file no longer has, too. */
  readonly orphans: boolean;
}

/** The project's containers, by name. One call to the engine, however many there are. */
export async function ps(context: ActionContext, options: PsOptions): Promise<readonly ObservedContainer[]> {
  const [project, engine] = await Promise.all([knownProject(context, options.services), context.engine()]);
  const all = options.all || options.status.length > 0;
  const containers = await listOwn(engine, { project: project.name, all }, context.signal);
  checkServiceNames(
    project,
    options.services,
    containers.map(({ service }) => service),
  );
  return containers
    .filter((each) => all || !each.oneOff)
    .filter((each) => options.orphans || project.services.has(each.service))
    .filter((each) => options.services.length === 0 || options.services.includes(each.service))
    .filter((each) => options.status.length === 0 || options.status.includes(each.state))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** The format that somebody has set for good in the docker CLI's settings. */
export async function defaultFormat({ source }: ActionContext): Promise<string> {
  const { readDockerConfig } = await import("../engine/docker-config.ts");
  return readDockerConfig(source.environment).psFormat ?? "table";
}
