import { UsageError } from "../model/error.ts";
import type { ObservedContainer } from "../model/observed.ts";
import { isAlive } from "../planner/stopping.ts";
import type { ActionContext } from "./context.ts";
import { projectOfContainers } from "./known-project.ts";
import { listOwn } from "./own-containers.ts";
import { checkServiceNames } from "./service-names.ts";

export interface Picked {
  readonly service: string;
  /** Absent, or 0 as docker compose has it: the one with the lowest number; one of `run` only where there is no other. */
  readonly index?: number | undefined;
  /** Stopped ones too. */
  readonly all?: boolean;
}

/** The one container that `exec web`, `port web 80` and the like are about. */
export async function pickContainer(
  context: ActionContext,
  { service, index: given, all = false }: Picked,
): Promise<ObservedContainer> {
  const index = given === 0 ? undefined : given;
  const [project, engine] = await Promise.all([projectOfContainers(context, [service]), context.engine()]);
  const containers = await listOwn(engine, { project: project.name, all: true }, context.signal);
  checkServiceNames(
    project,
    [service],
    containers.map((each) => each.service),
  );
  const candidates = containers
    .filter((each) => each.service === service && (index === undefined || (!each.oneOff && each.number === index)))
    .toSorted((one, other) => rank(one) - rank(other));
  const found = candidates.find((each) => all || isAlive(each));
  if (found !== undefined) return found;
  const hint = `start it with: tscompose up -d ${service}`;
  const [ended] = candidates;
  if (index !== undefined && ended !== undefined) throw new UsageError(`container ${ended.name} is not running`, hint);
  if (index !== undefined) throw new UsageError(`service "${service}" has no container #${index}`);
  throw new UsageError(`service "${service}" ${all ? "has no container" : "is not running"}`, hint);
}

function rank(container: ObservedContainer): number {
  return container.oneOff ? Number.MAX_SAFE_INTEGER : (container.number ?? 0);
}
