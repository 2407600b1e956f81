import type { Project, Service } from "../model/project.ts";
import { dependentsOf, startOrder } from "./order.ts";

/**
 * Services from those nobody depends on to those that all depend on: the order of going down. `emit` gets the steps
 * to come after, and returns its own last ones; a service without steps passes on what it was to come after.
 */
export function dependentsFirst(
  project: Project,
  emit: (service: Service, after: readonly number[]) => readonly number[],
): void {
  const dependents = dependentsOf(project.services);
  const ends = new Map<string, readonly number[]>();
  for (const name of startOrder(project.services, project.origins).toReversed()) {
    const service = project.services.get(name);
    if (service === undefined) continue;
    const after = [...new Set((dependents.get(name) ?? []).flatMap((each) => ends.get(each) ?? []))];
    const own = emit(service, after);
    ends.set(name, own.length > 0 ? own : after);
  }
}
