import { builtLabels } from "../model/built-labels.ts";
import type { Plan, StepOf } from "../model/plan.ts";
import type { Build, Project, Ulimit } from "../model/project.ts";

export interface BakeOptions {
  readonly push: boolean;
  readonly check: boolean;
  /** Where links lead; itself where there is nothing. */
  readonly realPath: (folder: string) => string;
}

/** The builds of a plan in the format of `docker buildx bake`, as docker compose prints them. */
export function bakeFile(plan: Plan, project: Project, options: BakeOptions): object {
  const steps = plan.steps.filter((step) => step.kind === "image.build");
  const targets = steps.map((step) => [targetName(step.service.name), target(step, project, options)] as const);
  return {
    group: { default: { targets: steps.map(({ service }) => targetName(service.name)).sort() } },
    target: Object.fromEntries(targets.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Dots part names in that format. */
function targetName(service: string): string {
  return service.replaceAll(".", "_");
}

function target(step: StepOf<"image.build">, project: Project, { push, check, realPath }: BakeOptions): object {
  const { build, service, image } = step;
  const platforms = build.platforms ?? (service.platform === undefined ? [] : [service.platform]);
  const fields: Readonly<Record<string, unknown>> = {
    context: build.context,
    contexts: mapped(build.additional_contexts, (value) =>
      value.startsWith("service:") ? `target:${targetName(value.slice("service:".length))}` : value,
    ),
    dockerfile: build.dockerfile_inline === undefined ? dockerfile(build, realPath) : undefined,
    "dockerfile-inline": build.dockerfile_inline === undefined ? undefined : literal(build.dockerfile_inline),
    args: mapped(build.args, (value) => (value === null ? undefined : literal(value))),
    labels: mapped(builtLabels(project, service, build), (value) => value),
    tags: [...(build.tags ?? []), image],
    "cache-from": build.cache_from,
    "cache-to": build.cache_to,
    target: build.target,
    secret: secrets(build, project),
    ssh: build.ssh === undefined ? undefined : [...build.ssh].map(([id, path]) => `${id}=${path ?? ""}`),
    platforms,
    pull: build.pull === true ? true : undefined,
    "no-cache": build.no_cache === true ? true : undefined,
    network: build.network,
    "no-cache-filter": build.no_cache_filter,
    "shm-size": build.shm_size === undefined ? undefined : String(build.shm_size),
    ulimits: build.ulimits === undefined ? undefined : [...build.ulimits].map(ulimit),
    call: check ? "lint" : undefined,
    entitlements: [...(build.entitlements ?? []), ...(build.privileged === true ? ["security.insecure"] : [])],
    "extra-hosts": mapped(build.extra_hosts, (addresses) => addresses.join(",")),
    output: check ? undefined : [output(platforms.length, push && service.image !== undefined)],
    attest: attestations(build),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

/** "${" would ask bake for a variable. */
function literal(text: string): string {
  return text.split("${").join("$${");
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function mapped<T>(
  values: ReadonlyMap<string, T> | undefined,
  map: (value: T) => string | undefined,
): object | undefined {
  if (values === undefined || values.size === 0) return undefined;
  const entries = [...values].map(([key, value]) => [key, map(value)] as const);
  const sorted = entries.filter(([, value]) => value !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

function dockerfile(
  { context = ".", dockerfile: name = "Dockerfile" }: Build,
  realPath: BakeOptions["realPath"],
): string {
  if (!name.startsWith("/") && !context.startsWith("/")) return name;
  const path = name.startsWith("/") ? name : joined(`${context}/${name}`);
  const slash = path.lastIndexOf("/");
  return joined(`${realPath(path.slice(0, slash) || "/")}${path.slice(slash)}`);
}

/** "/app/../Dockerfile" → "/Dockerfile" */
function joined(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function secrets(build: Build, project: Project): readonly string[] {
  return (build.secrets ?? []).map(({ source, target: id = source }) => {
    const { file, environment } = project.secrets.get(source) ?? {};
    return environment === undefined ? `id=${id},type=file,src=${file ?? ""}` : `id=${id},type=env,env=${environment}`;
  });
}

function ulimit([name, limit]: readonly [string, Ulimit]): string {
  return typeof limit === "number" ? `${name}=${limit}` : `${name}=${limit.soft}:${limit.hard}`;
}

function output(platforms: number, push: boolean): string {
  if (platforms > 1) return `type=image,push=${push}`;
  return push ? "type=registry" : "type=docker";
}

function attestations({ provenance, sbom }: Build): readonly string[] {
  return (
    [
      ["provenance", provenance],
      ["sbom", sbom],
    ] as const
  ).flatMap(([type, value]) => {
    if (value === undefined) return [];
    if (value === "true") return [`type=${type}`];
    return [value === "false" ? `type=${type},disabled=true` : `type=${type},${value}`];
  });
}
