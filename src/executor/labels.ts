import { serviceHash } from "../model/hash.ts";
import { composeLabels, composeVersion } from "../model/labels.ts";
import type { ContainerCreation } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";

/** What is known only when a container is made. */
export interface LiveFacts {
  readonly imageId: string | undefined;
  readonly references: ReadonlyMap<string, readonly { readonly id: string }[]>;
}

/** Every label of a container: the user's first, so that nobody overwrites those that we go by. */
export function containerLabels(
  project: Project,
  creation: ContainerCreation,
  live: LiveFacts,
): ReadonlyMap<string, string> {
  const { service } = creation;
  // The form that goes with the version label below.
  const hash = serviceHash(service, {
    generation: "v2",
    idOf: (name) => live.references.get(name)?.[0]?.id,
    defaultPlatform: project.environment.get("DOCKER_DEFAULT_PLATFORM"),
  });
  return new Map<string, string>([
    ...(service.labels ?? []),
    [composeLabels.project, project.name],
    [composeLabels.service, service.name],
    ...identity(creation),
    [composeLabels.configHash, hash],
    [composeLabels.dependsOn, dependsOn(service, project)],
    [composeLabels.image, live.imageId ?? ""],
    [composeLabels.version, composeVersion],
    ...projectLabels(project),
    ...(creation.replaces === undefined
      ? []
      : [[composeLabels.replace, service.container_name ?? `${service.name}-${creation.number}`] as const]),
  ]);
}

/** A one-off has no number among its service's containers. */
function identity({ number = 1, oneOff }: ContainerCreation): readonly (readonly [string, string])[] {
  if (oneOff === undefined)
    return [
      [composeLabels.containerNumber, String(number)],
      [composeLabels.oneOff, "False"],
    ];
  return [
    [composeLabels.slug, oneOff.slug],
    [composeLabels.oneOff, "True"],
  ];
}

/** Where the project is, for whoever finds the container without its files. */
export function projectLabels(project: Project): readonly (readonly [string, string])[] {
  return [
    [composeLabels.workingDir, project.workingDir],
    [composeLabels.configFiles, project.files.join(",")],
    ...(project.envFiles.length === 0 ? [] : [[composeLabels.environmentFile, project.envFiles.join(",")] as const]),
  ];
}

/** "db:service_healthy:false,cache:service_started:true"; what no profile enables is nothing that anybody waits for. */
function dependsOn(service: Service, project: Project): string {
  return [...(service.depends_on ?? [])]
    .filter(([name]) => project.services.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { condition, restart }]) => `${name}:${condition}:${restart === true}`)
    .join(",");
}
