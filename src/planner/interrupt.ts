import type { ObservedContainer } from "../model/observed.ts";
import type { Service } from "../model/project.ts";
import { isHook } from "./members.ts";
import { present } from "./present.ts";
import { containerRow, existingRef, type Scene } from "./scene.ts";
import { isAlive, removeSteps, stopSteps } from "./stopping.ts";

export interface Interruption {
  readonly cause: string;
  readonly after?: readonly number[];
  readonly hooksOf?: Service;
}

/** Stops a container before its service's turn; if it stays it is started again then. Asked twice it stops once. */
export function interrupt(scene: Scene, container: ObservedContainer, interruption: Interruption): void {
  const { plan, marks, options } = scene;
  const { id } = container;
  if (marks.removed.has(id) || !isAlive(container)) return;
  const { cause, after = [], hooksOf } = interruption;
  if (!marks.stopped.has(id)) {
    const { timeoutSeconds } = options;
    const [stopped] = stopSteps(plan, { container, cause, after, timeoutSeconds, hooksOf });
    if (stopped !== undefined) marks.stopped.set(id, stopped);
  }
  if (!marks.interrupted.has(id)) marks.interrupted.set(id, inThePast(cause));
}

/** Stops, if that was not done yet, and removes a container that has no successor waiting. */
export function discard(scene: Scene, container: ObservedContainer, cause: string, hooksOf?: Service): number {
  const { plan, marks, options } = scene;
  const known = marks.removed.get(container.id);
  if (known !== undefined) return known;
  const stopped = marks.stopped.get(container.id);
  const { timeoutSeconds } = options;
  const removed =
    stopped === undefined
      ? removeSteps(plan, { container, cause, after: [], timeoutSeconds, hooksOf, volumes: false }).removed
      : plan.add({
          kind: "container.remove",
          after: present(stopped),
          resource: containerRow(container.name),
          cause,
          container: existingRef(container),
          volumes: false,
        });
  marks.removed.set(container.id, removed);
  return removed;
}

/** A pre_start hook that failed has left its container, which has the name that the next one wants. */
export function discardHooks(scene: Scene, service: string): readonly number[] {
  return scene.observed.containers
    .filter((each) => each.service === service && isHook(each))
    .map((each) => discard(scene, each, "left over from a pre_start hook"));
}

function inThePast(cause: string): string {
  return cause.replace(/ is replaced$/, " was replaced");
}
