import { isOn } from "../model/is-on.ts";
import type { StepKind } from "../model/plan.ts";
import type { Project, StringMap } from "../model/project.ts";
import type { UpOptions as PlanOptions } from "../planner/up-options.ts";
import type { ActionContext } from "./context.ts";

/** What the verbs that create containers have in common. */
export interface Creation {
  readonly services: readonly string[];
  readonly build: boolean;
  readonly noBuild: boolean;
  readonly pull?: "always" | "missing" | "never" | "build" | undefined;
  readonly forceRecreate: boolean;
  readonly noRecreate: boolean;
  readonly removeOrphans: boolean | undefined;
}

export function creationOptions({ environment }: Project, creation: Creation): Partial<PlanOptions> {
  const { services, build, noBuild, pull, forceRecreate, noRecreate } = creation;
  return {
    services,
    forceRecreate,
    noRecreate,
    removeOrphans: creation.removeOrphans === true,
    ignoreOrphans: isOn(environment.get("COMPOSE_IGNORE_ORPHANS")),
    images: { pull, build, noBuild, brought: new Set() },
  };
}

/** `up` and `down` leave it to a variable where nobody says; what else creates containers removes none unasked. */
export function removesOrphans(environment: StringMap, given: boolean | undefined): boolean {
  return given ?? isOn(environment.get("COMPOSE_REMOVE_ORPHANS"));
}

/** Without the progress of pulls or builds, where somebody wants it quiet; what was done is still told. */
export function quietened(
  context: ActionContext,
  quiet: { readonly quietPull?: boolean; readonly quietBuild?: boolean; readonly quietPush?: boolean },
): ActionContext {
  const hushed = new Set<StepKind>([
    ...(quiet.quietPull === true ? (["image.pull"] as const) : []),
    ...(quiet.quietBuild === true ? (["image.build"] as const) : []),
    ...(quiet.quietPush === true ? (["image.push"] as const) : []),
  ]);
  return {
    ...context,
    onEvent(event) {
      if (event.kind !== "step.progress" || !hushed.has(event.step)) context.onEvent(event);
    },
  };
}
