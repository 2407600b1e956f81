import type { BuildRequest } from "../engine/engine.ts";
import { builtLabels } from "../model/built-labels.ts";
import { imageName } from "../model/names.ts";
import type { StepOf } from "../model/plan.ts";
import type { Build, Project } from "../model/project.ts";

/** Everything that the engine needs to know for a step that builds. */
export function buildRequest(
  { build, service, image, memoryBytes }: StepOf<"image.build">,
  project: Project,
): BuildRequest {
  const own = service.platform === undefined ? [] : [service.platform];
  const platforms = build.platforms ?? [];
  return {
    build: withImages(build, project),
    tags: [image, ...(build.tags ?? [])],
    labels: builtLabels(project, service, build),
    secrets: project.secrets,
    platforms: platforms.length === 0 ? own : platforms,
    noCache: build.no_cache === true,
    pull: build.pull === true && !standsOnService(build),
    memoryBytes,
  };
}

/** Its base is an image that no registry has; asked to look there, the engine looks for all. */
export function standsOnService({ additional_contexts: contexts }: Build): boolean {
  return [...(contexts?.values() ?? [])].some((value) => value.startsWith("service:"));
}

/** "service:base" is the image of that service, which was built before. */
function withImages(build: Build, project: Project): Build {
  if (build.additional_contexts === undefined) return build;
  const contexts = [...build.additional_contexts].map(([name, value]): [string, string] => {
    const base = value.startsWith("service:") ? value.slice("service:".length) : undefined;
    const service = base === undefined ? undefined : (project.services.get(base) ?? project.disabledServices.get(base));
    return [name, service === undefined ? value : `docker-image://${imageName(project, service)}`];
  });
  return { ...build, additional_contexts: new Map(contexts) };
}
