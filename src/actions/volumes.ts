import type { ObservedVolume } from "../model/observed.ts";
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
  const services = options.services.flatMap((name) => project.services.get(name) ?? []);
  const mounted = new Set(
    services.flatMap(({ volumes = [] }) =>
      volumes.flatMap(({ source }) => project.volumes.get(source ?? "")?.name ?? []),
    ),
  );
  return found
    .filter(({ name }) => services.length === 0 || mounted.has(name))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
