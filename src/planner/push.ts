import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { planBuilder, type PlanBuilder } from "./builder.ts";

export interface PushOptions {
  /** What cannot be pushed is a warning. */
  readonly ignorePushFailures: boolean;
}

/**
 * Only what is built here under a name of its own is ours to push. The tags of one image go one after the other: they
 * share their layers, and a registry that writes in place answers with an error where two of them meet.
 */
export function planPush(project: Project, { ignorePushFailures }: PushOptions): Plan {
  const plan = planBuilder();
  const pushes = new Map<string, number>();
  for (const { name, build, image } of project.services.values()) {
    if (build === undefined || image === undefined) {
      plan.unchanged(`service ${name}`, "Skipped");
      continue;
    }
    let before: number | undefined;
    for (const each of [image, ...(build.tags ?? [])]) {
      before = pushes.get(each) ?? addPush(plan, each, { after: before, optional: ignorePushFailures });
      pushes.set(each, before);
    }
  }
  return plan.finish();
}

interface Pushing {
  readonly after: number | undefined;
  /** A failure is a warning. */
  readonly optional: boolean;
}

export function addPush(plan: PlanBuilder, image: string, { after, optional }: Pushing): number {
  const resource = `image ${image}`;
  return plan.add({
    kind: "image.push",
    after: after === undefined ? [] : [after],
    resource,
    cause: "asked for",
    image,
    optional,
  });
}
