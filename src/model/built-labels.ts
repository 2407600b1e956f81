import { composeLabels, composeVersion } from "./labels.ts";
import type { Build, Project, Service, StringMap } from "./project.ts";

/** The labels of an image that is built for a service. */
export function builtLabels(project: Pick<Project, "name">, { name }: Pick<Service, "name">, build: Build): StringMap {
  return new Map([
    ...(build.labels ?? []),
    [composeLabels.project, project.name],
    [composeLabels.service, name],
    [composeLabels.version, composeVersion],
  ]);
}
