import { UsageError } from "../model/error.ts";
import type { ObservedPort } from "../model/observed.ts";
import type { ActionContext } from "./context.ts";
import { pickContainer } from "./pick-container.ts";

export interface PortOptions {
  readonly service: string;
  /** Port in the container. */
  readonly target: number;
  /** "tcp" or "udp". */
  readonly protocol: string;
  /** Which container; absent: the one with the lowest number. */
  readonly index?: number | undefined;
}

/** Where on this machine a port of a container can be reached. */
export async function port(context: ActionContext, options: PortOptions): Promise<ObservedPort> {
  const container = await pickContainer(context, options);
  const { target, protocol } = options;
  const found = container.ports.find(
    (each) => each.target === target && each.protocol === protocol && each.published !== undefined,
  );
  if (found !== undefined) return found;
  const published = container.ports.filter((each) => each.published !== undefined);
  const list = [...new Set(published.map((each) => `${each.target}/${each.protocol}`))].join(", ");
  const hint = list === "" ? "it publishes no port" : `it publishes: ${list}`;
  throw new UsageError(`no port ${target}/${protocol} for container ${container.name}`, hint);
}
