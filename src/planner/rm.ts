import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { planBuilder } from "./builder.ts";
import { containersOf, isChosen } from "./members.ts";
import { dependentsFirst } from "./reverse.ts";
import { isAlive, removeSteps } from "./stopping.ts";

export interface RmOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Also those that run, after stopping them. */
  readonly stop: boolean;
  /** Their anonymous volumes, too. */
  readonly volumes: boolean;
  /** Nobody has to be asked. */
  readonly confirmed: ReadonlySet<string>;
}

export const removalKey = "containers.remove";

export function planRm(project: Project, observed: ObservedState, options: RmOptions): Plan {
  const plan = planBuilder();
  const { volumes, confirmed } = options;
  const removed: ObservedContainer[] = [];
  dependentsFirst(project, (service, after) => {
    if (!isChosen(options.services, service.name)) return [];
    const going = containersOf(observed, service.name).filter((each) => options.stop || !isAlive(each));
    removed.push(...going);
    return going.flatMap(
      (container) => removeSteps(plan, { container, cause: "asked for", after, hooksOf: service, volumes }).stopped,
    );
  });
  const names = removed.map(({ name }) => name).sort();
  if (names.length === 0) plan.warn("No stopped containers");
  else if (!confirmed.has(removalKey)) {
    const question = `Going to remove ${names.join(", ")}`;
    plan.ask({ key: removalKey, kind: "containers.remove", question, blocking: true });
  }
  if (volumes)
    for (const each of removed) if (hasAnonymousVolumes(each)) plan.lose(`anonymous volumes of ${each.name}`);
  return plan.finish();
}

/** The engine names them with 64 hex digits. */
export function hasAnonymousVolumes({ mounts }: ObservedContainer): boolean {
  return mounts.some(({ type, name }) => type === "volume" && /^[0-9a-f]{64}$/.test(name ?? ""));
}
