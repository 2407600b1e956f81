import type { ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { planBuilder } from "./builder.ts";
import { planImages } from "./images.ts";
import { startOrder } from "./order.ts";
import { addModels, addProviders } from "./providers.ts";
import type { UpOptions } from "./up-options.ts";

/** What has to be here before it can be told which containers are out of date. Done when nothing is left to do. */
export function planPreparation(project: Project, observed: ObservedState, options: UpOptions): Plan {
  const plan = planBuilder();
  planImages({ project, observed, options: options.images, plan });
  addProviders(plan, { project, order: startOrder(project.services, project.origins), done: options.provided });
  addModels(plan, project, options.prepared);
  return plan.finish();
}
