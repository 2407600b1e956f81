import type { CommitOptions } from "../engine/engine.ts";
import type { ActionContext } from "./context.ts";
import { pickContainer } from "./pick-container.ts";

export interface CommitServiceOptions extends CommitOptions {
  readonly service: string;
  /** Which container; absent: the one with the lowest number. */
  readonly index?: number | undefined;
}

export interface Committed {
  readonly container: string;
  /** Absent when nothing was to be done. */
  readonly image: string | undefined;
}

/** Makes an image of what a container has become. */
export async function commit(context: ActionContext, options: CommitServiceOptions): Promise<Committed> {
  const { service, index, ...request } = options;
  const container = await pickContainer(context, { service, index, all: true });
  if (context.dryRun) return { container: container.name, image: undefined };
  const engine = await context.engine();
  return { container: container.name, image: await engine.commitContainer(container.id, request, context.signal) };
}
