import type { ObservedVolume } from "../model/observed.ts";
import type { Project } from "../model/project.ts";
import type { ActionContext } from "./context.ts";
import { knownProject } from "./known-project.ts";
import { checkServiceNames } from "./service-names.ts";

/** The project's volumes, by name; of some services only those that they mount. */
export async function volumes(
  context: ActionContext,
  options: { readonly services: readonly string[] },
): Promise<readonly ObservedVolume[]> {
  const [project, engine] = await Promise.all([knownProject(context, options.services), context.engine()]);
  checkServiceNames(project, options.services);
  const found = await engine.listVolumes({ project: project.name }, context.signal);
  const mounted = options.services.length === 0 ? undefined : await mountedBy(options.services, project, context);
  return found
    .filter(({ name }) => mounted?.has(name) !== false)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** What the file says that they mount, and what their containers do: without a file only these tell. */
async function mountedBy(
  services: readonly string[],
  project: Project,
  context: ActionContext,
): Promise<ReadonlySet<string>> {
  const engine = await context.engine();
  const containers = await engine.listContainers({ project: project.name, all: true }, context.signal);
  const said = services
    .flatMap((name) => project.services.get(name)?.volumes ?? [])
    .flatMap(({ source }) => project.volumes.get(source ?? "")?.name ?? []);
  const used = containers
    .filter(({ service }) => services.includes(service))
    .flatMap(({ mounts }) => mounts.flatMap(({ name }) => name ?? []));
  return new Set([...said, ...used]);
}
