import type { ObservedContainer, ObservedImage } from "../model/observed.ts";
import type { ActionContext } from "./context.ts";
import { projectOfContainers } from "./known-project.ts";
import { checkServiceNames } from "./service-names.ts";
import { sideBySide } from "./side-by-side.ts";

export interface ContainerImage {
  readonly container: ObservedContainer;
  /** Absent when the engine no longer has it. */
  readonly image: ObservedImage | undefined;
}

/** The images that the project's containers were made from, by container name. */
export async function images(
  context: ActionContext,
  options: { readonly services: readonly string[] },
): Promise<readonly ContainerImage[]> {
  const [project, engine] = await Promise.all([projectOfContainers(context, options.services), context.engine()]);
  const containers = await engine.listContainers({ project: project.name, all: true }, context.signal);
  checkServiceNames(
    project,
    options.services,
    containers.map(({ service }) => service),
  );
  const wanted = containers.filter(
    ({ service }) => options.services.length === 0 || options.services.includes(service),
  );
  const ids = [...new Set(wanted.map(({ imageId }) => imageId))];
  const found = new Map(
    await sideBySide(ids, async (id) => [id, await engine.findImage(id, undefined, context.signal)] as const),
  );
  return wanted
    .map((container) => ({ container, image: found.get(container.imageId) }))
    .toSorted((one, other) => (one.container.name < other.container.name ? -1 : 1));
}
