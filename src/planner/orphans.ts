import type { ObservedContainer } from "../model/observed.ts";
import type { Project } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";

/** Containers of services that the file no longer has, and one-offs that have ended. */
export function findOrphans(project: Project, containers: readonly ObservedContainer[]): readonly ObservedContainer[] {
  return containers
    .filter((container) =>
      container.oneOff
        ? container.state === "exited" || container.state === "dead"
        : !project.services.has(container.service) && !project.disabledServices.has(container.service),
    )
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function warnOfOrphans(plan: PlanBuilder, project: Project, orphans: readonly ObservedContainer[]): void {
  // An ended one-off is not worth a word: it only goes along when the others are removed.
  const names = orphans.filter(({ oneOff }) => !oneOff).map(({ name }) => name);
  if (names.length === 0) return;
  const them = names.length === 1 ? "a container of a service" : "containers of services";
  plan.warn(
    `project "${project.name}" has ${them} that the file does not have: ${names.join(", ")}. If it was renamed or removed, --remove-orphans cleans up.`,
  );
}
