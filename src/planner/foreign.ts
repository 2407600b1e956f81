import { composeLabels } from "../model/labels.ts";
import type { ObservedState } from "../model/observed.ts";
import type { Confirmation } from "../model/plan.ts";
import { printableLine } from "../model/printable.ts";
import type { Project } from "../model/project.ts";

/**
 * Two folders with one base name make two projects with one name: neither may touch the other's containers unasked.
 * undefined: the containers that are there were made from this project's folder, or there are none.
 */
export function foreignProject(project: Project, observed: ObservedState): Confirmation | undefined {
  const folders = observed.containers.flatMap(({ labels }) => labels.get(composeLabels.workingDir) ?? []);
  const other = folders.find((folder) => folder !== project.workingDir && !observed.sameFolders.has(folder));
  // A project that is known from labels alone has no folder to compare.
  if (other === undefined || project.files.length === 0) return undefined;
  return {
    key: "foreign.project",
    kind: "foreign.project",
    question: `Project "${project.name}" was brought up from ${printableLine(other)}, and this is ${project.workingDir}. Change it all the same?`,
    blocking: true,
  };
}
