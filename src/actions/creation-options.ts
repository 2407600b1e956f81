import { UsageError } from "../model/error.ts";
import type { StepKind } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
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
  readonly removeOrphans: boolean;
}

export function creationOptions({ environment }: Project, creation: Creation): Partial<PlanOptions> {
  const { services, build, noBuild, pull, forceRecreate, noRecreate } = creation;
  const removeOrphans = creation.removeOrphans || isOn(environment.get("COMPOSE_REMOVE_ORPHANS"));
  const ignoreOrphans = isOn(environment.get("COMPOSE_IGNORE_ORPHANS"));
  if (removeOrphans && ignoreOrphans) {
    throw new UsageError("COMPOSE_IGNORE_ORPHANS and --remove-orphans exclude each other");
  }
  return {
    services,
    forceRecreate,
    noRecreate,
    removeOrphans,
    ignoreOrphans,
    images: { pull, build, noBuild, brought: new Set() },
  };
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

function isOn(value: string | undefined): boolean {
  return value !== undefined && ["1", "t", "true", "y", "yes", "on"].includes(value.toLowerCase());
}
