import type { ContainerFilter, Engine } from "../engine/engine.ts";
import { composeLabels } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";

/**
 * Containers of services and of `run`. The project's label alone makes none of them: people put it on containers of
 * theirs to see them side by side, and those of pre_start hooks have it. docker compose goes by the hash, too.
 */
export async function listOwn(
  engine: Engine,
  filter: ContainerFilter,
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  return (await engine.listContainers(filter, signal)).filter((each) => isOwn(each));
}

export function isOwn({ labels }: ObservedContainer): boolean {
  return labels.has(composeLabels.configHash);
}

/** Left-overs of hooks have no hash; they go with the project, and their lines say why a hook failed. */
export function isOwnOrHook(container: ObservedContainer): boolean {
  return isOwn(container) || container.labels.has(composeLabels.hook);
}
