import { realpathSync } from "node:fs";

import { buildRequest } from "../executor/build-request.ts";
import { parseBytes } from "../loader/syntax/bytes.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { UsageError } from "../model/error.ts";
import type { Project } from "../model/project.ts";
import { bakeFile, type BakeOptions } from "../planner/bake.ts";
import { planBuild } from "../planner/build.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { quietened } from "./creation-options.ts";
import { preparedProject } from "./prepared-project.ts";

export interface BuildOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** "KEY=value", or "KEY" for the environment's value. */
  readonly buildArgs: readonly string[];
  /** Every step anew. */
  readonly noCache: boolean;
  /** Look for newer base images. */
  readonly pull: boolean;
  /** Push what was built. */
  readonly push: boolean;
  /** No progress. */
  readonly quiet: boolean;
  /** What the named services depend on, too. */
  readonly withDependencies: boolean;
  /** Agent or keys for `RUN --mount=type=ssh`: "default", "id=path". */
  readonly ssh?: string | undefined;
  /** As written: "512m". */
  readonly memory?: string | undefined;
  /** Name of a builder. */
  readonly builder?: string | undefined;
  /** Provenance attestation, as written for docker build. */
  readonly provenance?: string | undefined;
  /** SBOM attestation, as written for docker build. */
  readonly sbom?: string | undefined;
}

/** Builds what has a build section, bases of others first. */
export async function build(context: ActionContext, options: BuildOptions): Promise<ChangeResult> {
  const project = await toBuild(context, options);
  const { quiet } = options;
  const memoryBytes = memory(options.memory);
  return change(quietened(context, { quietBuild: quiet }), {
    verb: "build",
    project: async () => project,
    interest: {},
    plan: () => planBuild(project, { ...options, memoryBytes }),
  });
}

/** What would be built, in the format of `docker buildx bake`. */
export async function bake(context: ActionContext, options: BuildOptions & BakeFlags): Promise<object> {
  const project = await toBuild(context, options);
  return bakeFile(planBuild(project, options), project, { ...options, realPath });
}

type BakeFlags = Pick<BakeOptions, "push" | "check">;

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

export interface CheckedBuild {
  readonly service: string;
  readonly problems: readonly Diagnostic[];
}

/** What BuildKit finds questionable in the Dockerfiles; nothing is built. */
export async function checkBuilds(context: ActionContext, options: BuildOptions): Promise<readonly CheckedBuild[]> {
  const project = await toBuild(context, options);
  const engine = await context.engine();
  const builds = planBuild(project, options).steps.filter((step) => step.kind === "image.build");
  return Promise.all(
    builds.map(async (step) => ({
      service: step.service.name,
      problems: await engine.checkBuild(buildRequest(step, project), context.signal),
    })),
  );
}

function toBuild(context: ActionContext, { services, withDependencies }: BuildOptions): Promise<Project> {
  return preparedProject(context, { services, scale: new Map(), noDeps: !withDependencies, resolveEnvironment: false });
}

function memory(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = parseBytes(text);
  if (size.ok) return size.value;
  throw new UsageError(`--memory: ${size.message}`, size.hint);
}
