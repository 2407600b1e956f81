import type { Project } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";
import { dependencies } from "./order.ts";
import { present } from "./present.ts";

/** Services that another program provides; returns for each the step that runs it. */
export function addProviders(
  plan: PlanBuilder,
  {
    project,
    order,
    done,
  }: { readonly project: Project; readonly order: readonly string[]; readonly done: ReadonlySet<string> },
): Map<string, number> {
  const steps = new Map<string, number>();
  for (const name of order) {
    const service = project.services.get(name);
    if (service?.provider === undefined || done.has(name)) continue;
    const before = dependencies(project.services, service).map((each) => steps.get(each));
    const step = plan.add({
      kind: "provider.run",
      after: present(...before),
      resource: `service ${name}`,
      cause: `provided by ${service.provider.type}`,
      service,
      command: "up",
    });
    steps.set(name, step);
  }
  return steps;
}
