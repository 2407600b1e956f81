import type { EngineEvent } from "../engine/engine.ts";
import { composeLabels } from "../model/labels.ts";
import type { ActionContext } from "./context.ts";
import { knownProject } from "./known-project.ts";
import { checkServiceNames } from "./service-names.ts";

export interface EventsOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Seconds since the epoch, or RFC 3339. */
  readonly since?: string | undefined;
  /** The same. */
  readonly until?: string | undefined;
}

export interface ProjectEvent {
  /** "start", "die", "health_status: healthy" … */
  readonly action: string;
  readonly id: string;
  readonly service: string;
  /** Nanoseconds since the epoch. */
  readonly timeNano: bigint;
  /** Without docker compose's own labels. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** What happens to the project's containers, as it happens. */
export async function* events(context: ActionContext, options: EventsOptions): AsyncGenerator<ProjectEvent> {
  const [project, engine] = await Promise.all([knownProject(context, options.services), context.engine()]);
  checkServiceNames(project, options.services);
  const { since, until } = options;
  for await (const event of await engine.events({ project: project.name, since, until }, context.signal)) {
    const service = event.attributes.get(composeLabels.service) ?? "";
    const oneOff = event.attributes.get(composeLabels.oneOff) === "True";
    const wanted = options.services.length === 0 || options.services.includes(service);
    if (wanted && !oneOff) yield projectEvent(event, service);
  }
}

function projectEvent({ action, containerId, attributes, timeNano }: EngineEvent, service: string): ProjectEvent {
  const own = [...attributes].filter(([key]) => !key.startsWith("com.docker.compose."));
  return {
    action,
    id: containerId,
    service,
    timeNano,
    attributes: new Map(own.toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}
