import type { Project } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";
import { dependencies } from "./order.ts";
import { present } from "./present.ts";
import { sentenceList } from "./scene.ts";

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

/** Models that services use; their addresses become variables of those services. */
export function addModels(plan: PlanBuilder, project: Project, done: ReadonlySet<string>): Map<string, number> {
  const steps = new Map<string, number>();
  for (const model of project.models.values()) {
    const users = [...project.services.values()].filter(({ models }) => models?.has(model.key) === true);
    if (users.length === 0 || done.has(model.key)) continue;
    const cause = `used by ${sentenceList(users.map(({ name }) => name).sort())}`;
    const step = plan.add({ kind: "model.prepare", after: [], resource: `model ${model.key}`, cause, model });
    steps.set(model.key, step);
  }
  return steps;
}
