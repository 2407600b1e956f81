import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { planBuilder } from "./builder.ts";

export interface PushOptions {
  /** What cannot be pushed is a warning. */
  readonly ignorePushFailures: boolean;
}

/** Only what is built here under a name of its own is ours to push. */
export function planPush(project: Project, { ignorePushFailures }: PushOptions): Plan {
  const plan = planBuilder();
  const images = new Set<string>();
  for (const { name, build, image } of project.services.values()) {
    if (build === undefined || image === undefined) plan.unchanged(`service ${name}`, "Skipped");
    else for (const each of [image, ...(build.tags ?? [])]) images.add(each);
  }
  for (const image of images) {
    plan.add({
      kind: "image.push",
      after: [],
      resource: `image ${image}`,
      cause: "asked for",
      image,
      optional: ignorePushFailures,
    });
  }
  return plan.finish();
}
