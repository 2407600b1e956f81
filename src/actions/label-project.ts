import { composeLabels } from "../model/labels.ts";
import { containerName } from "../model/names.ts";
import type { ObservedContainer, ObservedNetwork, ObservedVolume } from "../model/observed.ts";
import type { Dependency, DependencyCondition, Network, Project, Service, Volume } from "../model/project.ts";

export interface Labelled {
  readonly containers: readonly ObservedContainer[];
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
}

/** A project as its labels tell it, when there is no file: enough to stop it, start it again, and take it down. */
export function projectFromLabels(name: string, labelled: Labelled): Project {
  const services = new Map<string, Service>();
  for (const container of [...labelled.containers].sort((a, b) => (a.service < b.service ? -1 : 1))) {
    const known = container.service === "" || container.oneOff || services.has(container.service);
    if (!known) services.set(container.service, serviceFromLabels(name, container));
  }
  return {
    name,
    workingDir: labelled.containers[0]?.labels.get(composeLabels.workingDir) ?? "",
    // None: nothing that a label says is compared with a file.
    files: [],
    envFiles: [],
    environment: new Map(),
    profiles: [],
    services: withoutCircles(services),
    disabledServices: new Map(),
    networks: named(labelled.networks, composeLabels.network),
    volumes: named(labelled.volumes, composeLabels.volume),
    secrets: new Map(),
    configs: new Map(),
    models: new Map(),
    extensions: new Map(),
    separator: "-",
    origins: new Map(),
  };
}

function serviceFromLabels(project: string, container: ObservedContainer): Service {
  const service: Service = { name: container.service, image: container.image };
  const dependencies = readDependencies(container.labels.get(composeLabels.dependsOn) ?? "");
  const usual = containerName({ name: project, separator: "-" }, service, container.number ?? 1);
  return {
    ...service,
    ...(usual !== container.name && { container_name: container.name }),
    ...(dependencies.size > 0 && { depends_on: dependencies }),
  };
}

/**
 * "db:service_healthy:false,cache:service_started:true"; what is gone by now is no reason to fail. Early releases of
 * docker compose wrote "db,cache", and whoever depends on what is restarted was restarted, too.
 */
function readDependencies(label: string): ReadonlyMap<string, Dependency> {
  const entries = label.split(",").flatMap((entry): [string, Dependency][] => {
    const [name = "", condition = "", restart = "true"] = entry.split(":");
    const known = conditions.find((each) => each === condition) ?? "service_started";
    return name === "" ? [] : [[name, { condition: known, required: false, restart: restart === "true" }]];
  });
  return new Map(entries);
}

const conditions: readonly DependencyCondition[] = [
  "service_started",
  "service_healthy",
  "service_completed_successfully",
];

/**
 * Containers of before and after a dependency was turned around: each is right for itself, and together they are a
 * circle, which must not keep anybody from taking them down.
 */
function withoutCircles(services: ReadonlyMap<string, Service>): ReadonlyMap<string, Service> {
  const kept = new Map<string, Service>();
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(kept.get(from)?.depends_on?.keys() ?? [])].some((next) => reaches(next, to, seen));
  };
  for (const [name, service] of services) {
    const open = [...(service.depends_on ?? [])].filter(([dependency]) => !reaches(dependency, name));
    kept.set(name, service.depends_on === undefined ? service : { ...service, depends_on: new Map(open) });
  }
  return kept;
}

/** By their names: one that was given another name in the file is there twice, and both are the project's. */
function named(
  resources: readonly (ObservedNetwork | ObservedVolume)[],
  label: string,
): ReadonlyMap<string, Network & Volume> {
  return new Map(
    resources.map(({ name, labels }) => {
      const key = labels.get(label) ?? name;
      return [name, { key, name }];
    }),
  );
}
