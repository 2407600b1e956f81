import { imageKey, imageName } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
import type { Build, NullableMap, Project, Service } from "../model/project.ts";
import { planBuilder, type PlanBuilder } from "./builder.ts";
import { contextServices, inBuildOrder, type Need, neededByBuild } from "./images.ts";
import { addPush } from "./push.ts";

export interface BuildOptions {
  /** "KEY=value", or "KEY" for the environment's value. */
  readonly buildArgs: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly push: boolean;
  readonly ssh?: string | undefined;
  readonly provenance?: string | undefined;
  readonly sbom?: string | undefined;
  readonly builder?: string | undefined;
  readonly memoryBytes?: number | undefined;
}

/** Images that are bases of others come first, whether or not they were asked for. */
export function planBuild(project: Project, options: BuildOptions): Plan {
  const plan = planBuilder();
  warnOfFlags(plan, options);
  const steps = new Map<string, number>();
  const needs = [...toBuild(project)].map((service): Need => ({
    key: service.name,
    image: imageName(project, service),
    owners: [service],
    users: [service],
  }));
  if (needs.length === 0) plan.warn("no service has a build section");
  for (const { image, owners } of inBuildOrder(needs, plan)) {
    for (const service of owners) {
      if (service.build === undefined) continue;
      const step = plan.add({
        kind: "image.build",
        after: contextServices(service).flatMap((name) => steps.get(name) ?? []),
        resource: `image ${image}`,
        cause: project.services.has(service.name) ? "asked for" : neededByBuild,
        service,
        build: withFlags(service.build, project, options),
        image,
        ...(options.memoryBytes !== undefined && { memoryBytes: options.memoryBytes }),
      });
      steps.set(service.name, step);
      if (options.push)
        [...toPush(service)].reduce((after, each) => addPush(plan, each, { after, optional: false }), step);
    }
  }
  return plan.finish();
}

/** Services with a build section, and those whose images they are built from; each image once. */
function toBuild(project: Project): Iterable<Service> {
  const known = new Map([...project.disabledServices, ...project.services]);
  const wanted = new Map<string, Service>();
  const add = (service: Service): void => {
    const key = imageKey(imageName(project, service), service.platform);
    if (service.build === undefined || wanted.has(key)) return;
    wanted.set(key, service);
    for (const name of contextServices(service)) {
      const base = known.get(name);
      if (base !== undefined) add(base);
    }
  };
  for (const service of project.services.values()) add(service);
  return wanted.values();
}

function withFlags(build: Build, { environment }: Project, options: BuildOptions): Build {
  const given = options.buildArgs.flatMap((entry): [string, string][] => {
    const equals = entry.indexOf("=");
    if (equals >= 0) return [[entry.slice(0, equals), entry.slice(equals + 1)]];
    const value = environment.get(entry);
    return value === undefined ? [] : [[entry, value]];
  });
  const args: NullableMap = new Map([...(build.args ?? []), ...given]);
  const { ssh, provenance, sbom } = options;
  return {
    ...build,
    ...(args.size > 0 && { args }),
    ...(options.noCache && { no_cache: true }),
    ...(options.pull && { pull: true }),
    ...(ssh !== undefined && { ssh: new Map([...(build.ssh ?? []), agentOf(ssh)]) }),
    ...(provenance !== undefined && { provenance }),
    ...(sbom !== undefined && { sbom }),
  };
}

/** "id=path", or an id for the agent of who builds. */
function agentOf(text: string): readonly [string, string | null] {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Without a name of its own an image is for here; with one, its other names go along, as with `push`. */
function toPush({ image, build }: Service): ReadonlySet<string> {
  return new Set(image === undefined ? [] : [image, ...(build?.tags ?? [])]);
}

function warnOfFlags(plan: PlanBuilder, { builder }: BuildOptions): void {
  if (builder !== undefined) plan.warn(`--builder ${builder} has no effect: the engine builds with its own`);
}
