import type { ObservedContainer } from "../model/observed.ts";
import type { Project, Service } from "../model/project.ts";
import { parentsOf } from "../model/references.ts";
import { containersOf } from "./members.ts";

/**
 * The part of a project that a rebuild concerns: the services themselves, who is tied to their containers or wants to
 * be restarted with them, and whose containers those are tied to. Everybody else is left alone: a job that has done its
 * work is not run once more, and a service that somebody scaled meanwhile keeps its containers.
 */
export function concernedBy(
  project: Project,
  rebuilt: readonly string[],
  containers: readonly ObservedContainer[],
): Project {
  const names = new Set(rebuilt);
  // A Set may grow while it is walked.
  for (const name of names) {
    for (const other of project.services.values()) if (follows(other, name)) names.add(other.name);
  }
  for (const name of names) {
    const service = project.services.get(name);
    for (const each of service === undefined ? [] : [...parentsOf(service), ...providersOf(service, project)])
      names.add(each);
  }
  const part = onlyServices(project, names);
  const services = new Map([...part.services].map(([name, each]) => [name, withCount(each, rebuilt, containers)]));
  return { ...part, services };
}

/** The others are there, but not to be touched. */
export function onlyServices(project: Project, names: ReadonlySet<string>): Project {
  const services = new Map([...project.services].filter(([name]) => names.has(name)));
  const rest = [...project.services].filter(([name]) => !names.has(name));
  const disabledServices = new Map([...project.disabledServices, ...rest]);
  return {
    ...project,
    disabledServices,
    services: new Map([...services].map(([name, each]) => [name, inside(each, names)])),
  };
}

function inside(service: Service, names: ReadonlySet<string>): Service {
  const { depends_on } = service;
  if (depends_on === undefined) return service;
  return { ...service, depends_on: new Map([...depends_on].filter(([name]) => names.has(name))) };
}

/** What they say is part of the environment. */
function providersOf({ depends_on }: Service, { services }: Project): readonly string[] {
  return [...(depends_on?.keys() ?? [])].filter((name) => services.get(name)?.provider !== undefined);
}

function follows(service: Service, name: string): boolean {
  return service.depends_on?.get(name)?.restart === true || parentsOf(service).includes(name);
}

/** As many as there are now; what was rebuilt and has no container gets as many as the file says. */
function withCount(service: Service, rebuilt: readonly string[], containers: readonly ObservedContainer[]): Service {
  const scale = containersOf({ containers }, service.name).length;
  return scale === 0 && rebuilt.includes(service.name) ? service : { ...service, scale };
}
