import type { Project, Service } from "./project.ts";

type NamingProject = Pick<Project, "name" | "separator">;

export function containerName(project: NamingProject, service: Service, number: number): string {
  return service.container_name ?? [project.name, service.name, String(number)].join(project.separator);
}

/** The image that a built service gets when it names none. */
export function imageName(project: NamingProject, service: Service): string {
  return service.image ?? [project.name, service.name].join(project.separator);
}

/** While a container is being replaced the new one lives under this name; docker compose uses the same. */
export function temporaryName(oldContainerId: string, name: string): string {
  return `${oldContainerId.slice(0, 12)}_${name}`;
}

/** How many containers the service wants; `scale` wins over `deploy.replicas`. */
export function desiredScale(service: Service): number {
  return service.scale ?? service.deploy?.replicas ?? 1;
}

/** More than any engine runs: who wants more has mistyped, and is refused before so many are thought out. */
export const mostReplicas = 10_000;

/** Those of the wanted containers that are worth thinking of. */
export function thinkableScale(service: Service): number {
  return Math.min(desiredScale(service), mostReplicas);
}

/** "web-1" for people: the container's name without the project's prefix. */
export function shortContainerName(project: NamingProject, name: string): string {
  const prefix = project.name + project.separator;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** One image name can mean two images: one for each platform that a service pins. */
export function imageKey(image: string, platform: string | undefined): string {
  return platform === undefined ? image : `${image} ${platform}`;
}
