import type { BuildRequest } from "../../engine/engine.ts";
import { composeLabels, composeVersion } from "../../model/labels.ts";
import { imageName } from "../../model/names.ts";
import type { StepOf } from "../../model/plan.ts";
import type { Build, Project } from "../../model/project.ts";
import type { Progress, Run } from "../run.ts";
import { buildLog } from "./build-log.ts";

export async function buildImage(step: StepOf<"image.build">, run: Run, progress: Progress): Promise<undefined> {
  const log = buildLog();
  try {
    for await (const each of run.engine.buildImage(requestOf(step, run), run.signal)) {
      for (const text of log.read(each)) progress.report(text);
    }
  } catch (error) {
    if (error instanceof Error) throw new BuildFailure(error, log.failure());
    throw error;
  }
  return undefined;
}

/** Carries beside the error what helps to mend it: the step's last output, and the lines of the Dockerfile. */
export class BuildFailure extends Error {
  override readonly name: string = "BuildFailure";
  readonly details: readonly string[];
  constructor(cause: Error, details: readonly string[]) {
    super(cause.message, { cause });
    this.details = details;
  }
}

function requestOf({ build, service, image }: StepOf<"image.build">, { project }: Run): BuildRequest {
  const labels = new Map([
    ...(build.labels ?? []),
    [composeLabels.project, project.name],
    [composeLabels.service, service.name],
    [composeLabels.version, composeVersion],
  ] as const);
  const own = service.platform === undefined ? [] : [service.platform];
  const platforms = build.platforms ?? [];
  return {
    build: withImages(build, project),
    tags: [image, ...(build.tags ?? [])],
    labels,
    secrets: project.secrets,
    platforms: platforms.length === 0 ? own : platforms,
    noCache: build.no_cache === true,
    pull: build.pull === true,
  };
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
