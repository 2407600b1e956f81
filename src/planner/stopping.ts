import type { ObservedContainer } from "../model/observed.ts";
import type { Hook, Service } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";
import { containerRow, existingRef } from "./scene.ts";

export interface Stopping {
  readonly container: ObservedContainer;
  readonly cause: string;
  readonly after: readonly number[];
  readonly timeoutSeconds?: number | undefined;
  /** Whose `pre_stop` hooks run first; absent: none do. */
  readonly hooksOf?: Service | undefined;
}

/** The steps after which a container is stopped: none when it is already, those before when there is nothing to do. */
export function stopSteps(plan: PlanBuilder, stopping: Stopping): readonly number[] {
  const { container, cause, after, timeoutSeconds, hooksOf } = stopping;
  if (!isAlive(container)) return after;
  const hooked = hooksOf === undefined ? after : hookSteps(plan, container, hooksOf, after);
  const step = plan.add({
    kind: "container.stop",
    after: hooked,
    resource: containerRow(container.name),
    cause,
    container: existingRef(container),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  });
  return [step];
}

export interface Removal extends Stopping {
  /** Anonymous volumes go with it. */
  readonly volumes: boolean;
}

/** Stop, then remove; returns the steps after which the container is down, and the one after which it is gone. */
export function removeSteps(
  plan: PlanBuilder,
  removal: Removal,
): { readonly stopped: readonly number[]; readonly removed: number } {
  const stopped = stopSteps(plan, removal);
  const removed = plan.add({
    kind: "container.remove",
    after: stopped,
    resource: containerRow(removal.container.name),
    cause: removal.cause,
    container: existingRef(removal.container),
    volumes: removal.volumes,
  });
  return { stopped, removed };
}

/** It has a process: running, frozen, or about to be started again. */
export function isAlive({ state }: ObservedContainer): boolean {
  return state === "running" || state === "paused" || state === "restarting";
}

/** One after the other, each only if the one before went well. Nothing can be run in a container that is frozen. */
function hookSteps(
  plan: PlanBuilder,
  container: ObservedContainer,
  service: Service,
  after: readonly number[],
): readonly number[] {
  if (container.state !== "running") return after;
  return (service.pre_stop ?? []).reduce<readonly number[]>(
    (before, hook) => [hookStep(plan, container, hook, before)],
    after,
  );
}

function hookStep(plan: PlanBuilder, container: ObservedContainer, hook: Hook, after: readonly number[]): number {
  return plan.add({
    kind: "hook.exec",
    after,
    resource: containerRow(container.name),
    cause: "pre_stop hook",
    container: existingRef(container),
    hook,
    phase: "pre_stop",
    service: container.service,
  });
}
