import toposort from "toposort";

import { ProjectError } from "../model/error.ts";
import type { Origin, Service } from "../model/project.ts";

type Services = ReadonlyMap<string, Service>;

/** What each service waits for, of those that are in `services`; sorted, so plans come out the same every time. */
export function dependencies(services: Services, service: Service): readonly string[] {
  return [...(service.depends_on?.keys() ?? [])].filter((name) => services.has(name)).sort();
}

/** Service names, those that others depend on first; by name where the order is free. */
export function startOrder(services: Services, origins?: ReadonlyMap<string, Origin>): readonly string[] {
  const names = [...services.keys()].sort();
  const edges = [...services.values()].flatMap((service) =>
    dependencies(services, service).map((dependency): [string, string] => [dependency, service.name]),
  );
  try {
    return toposort.array(names, edges);
  } catch (error) {
    const cycle = findCycle(services, names);
    throw cycle === undefined ? error : cycleError(cycle, origins);
  }
}

/** For each service the services that wait for it. */
export function dependentsOf(services: Services): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map([...services.keys()].map((name): [string, string[]] => [name, []]));
  for (const name of [...services.keys()].sort()) {
    const service = services.get(name);
    if (service === undefined) continue;
    for (const dependency of dependencies(services, service)) dependents.get(dependency)?.push(name);
  }
  return dependents;
}

/** toposort knows that there is a cycle, but not which way it goes. */
function findCycle(services: Services, names: readonly string[]): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    const service = services.get(name);
    if (done.has(name) || service === undefined) return undefined;
    for (const dependency of dependencies(services, service)) {
      const cycle = visit(dependency, [...path, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of names) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function cycleError(cycle: readonly string[], origins: ReadonlyMap<string, Origin> | undefined): ProjectError {
  const first = cycle[0] ?? "";
  const notes = [...new Set(cycle)].flatMap((name) => {
    const origin = origins?.get(`services.${name}`);
    return origin === undefined ? [] : [{ message: `${name}: ${origin.file}:${origin.line}:${origin.column}` }];
  });
  return new ProjectError([
    {
      code: "dependency-cycle",
      severity: "error",
      message: `services depend on each other in a circle: ${cycle.join(" → ")}`,
      path: `services.${first}.depends_on`,
      notes,
    },
  ]);
}
