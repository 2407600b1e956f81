import type { FieldChange } from "../model/observed.ts";
import type { Plan, Step, StepKind } from "../model/plan.ts";

export type Action =
  | "create"
  | "replace"
  | "start"
  | "restart"
  | "stop"
  | "remove"
  | "update"
  | "pause"
  | "unpause"
  | "pull"
  | "build"
  | "run";

/** What happens to one resource, all its steps taken together. */
export interface PlannedChange {
  readonly resource: string;
  readonly action: Action;
  /** Why: the causes of its steps, the telling one first. */
  readonly cause: string;
  readonly fields: readonly FieldChange[];
  /** Data is lost with it. */
  readonly loss: boolean;
}

/** The changes of a plan, in the order of its steps. Waiting for something changes nothing. */
export function plannedChanges(plan: Plan): readonly PlannedChange[] {
  const byResource = new Map<string, Step[]>();
  for (const step of plan.steps) {
    if (step.kind === "container.await") continue;
    byResource.set(step.resource, [...(byResource.get(step.resource) ?? []), step]);
  }
  return [...byResource].map(([resource, steps]) => ({
    resource,
    action: actionOf(steps),
    cause: causeOf(steps),
    fields: plan.changes.get(resource) ?? [],
    loss: steps.some((step) => step.kind === "volume.remove" && plan.losses.includes(step.name)),
  }));
}

function actionOf(steps: readonly Step[]): Action {
  const kinds = new Set(steps.map((step) => step.kind));
  const creates = kinds.has("container.create") || kinds.has("network.create") || kinds.has("volume.create");
  const removes = kinds.has("container.remove") || kinds.has("network.remove") || kinds.has("volume.remove");
  if (creates) return removes || steps.some(replaces) ? "replace" : "create";
  if (removes || kinds.has("image.remove")) return "remove";
  const starts = kinds.has("container.start");
  const stops = kinds.has("container.stop") || kinds.has("container.kill");
  if (kinds.has("container.restart") || (starts && stops)) return "restart";
  if (starts) return "start";
  if (stops) return "stop";
  return steps.map((step) => otherActions[step.kind]).find((action) => action !== undefined) ?? "update";
}

const otherActions: Readonly<Partial<Record<StepKind, Action>>> = {
  "image.pull": "pull",
  "image.build": "build",
  "container.pause": "pause",
  "container.unpause": "unpause",
  "hook.exec": "run",
  "hook.run": "run",
  "provider.run": "run",
};

function replaces(step: Step): boolean {
  return step.kind === "container.create" && step.replaces !== undefined;
}

/** Of a container that is replaced the reason is told where it is created, not where the old one is stopped. */
function causeOf(steps: readonly Step[]): string {
  const telling = steps.find((step) => step.kind === "container.create") ?? steps[0];
  return telling?.cause ?? "";
}
