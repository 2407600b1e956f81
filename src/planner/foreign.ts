import { composeLabels } from "../model/labels.ts";
import type { ObservedState } from "../model/observed.ts";
import type { Project } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";

export const foreignProjectKey = "foreign.project";

/** Two folders with one base name make two projects with one name: neither may touch the other's containers unasked. */
export function guardForeignProject(
  plan: PlanBuilder,
  project: Project,
  { observed, confirmed }: { readonly observed: ObservedState; readonly confirmed: ReadonlySet<string> },
): void {
  if (confirmed.has(foreignProjectKey)) return;
  const folders = observed.containers.flatMap(({ labels }) => labels.get(composeLabels.workingDir) ?? []);
  const [other] = folders.filter((folder) => folder !== project.workingDir && !observed.sameFolders.has(folder));
  if (other === undefined) return;
  plan.ask({
    key: foreignProjectKey,
    kind: "foreign.project",
    question: `Project "${project.name}" was brought up from ${other}, and this is ${project.workingDir}. Change it all the same?`,
    blocking: true,
  });
}
