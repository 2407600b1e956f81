import { imageKey, imageName } from "../model/names.ts";
import type { ObservedImage, ObservedState } from "../model/observed.ts";
import type { Build, Project, Service } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";
import { pullPeriod } from "./pull-period.ts";

export interface ImageOptions {
  /** `--pull`: instead of every service's own policy. */
  readonly pull?: string | undefined;
  /** `--build`: build what can be built, even if the image is there. */
  readonly build: boolean;
  readonly noBuild: boolean;
  /** Keys of images that were pulled or built just now, or tried in vain: no reason to do it again. */
  readonly brought: ReadonlySet<string>;
}

export interface ImageScene {
  readonly project: Project;
  readonly observed: Pick<ObservedState, "images" | "time">;
  readonly options: ImageOptions;
  readonly plan: PlanBuilder;
}

/** An image that services need, and everything that decides how it gets here. */
export interface Need {
  readonly key: string;
  readonly image: string;
  readonly platform?: string | undefined;
  /** Services whose own image it is. */
  readonly owners: readonly Service[];
  /** Those, and services that mount it or run a hook in it. */
  readonly users: readonly Service[];
}

/** Pulls and builds what is missing or asked for; returns for each image the step after which it is here. */
export function planImages(scene: ImageScene): ReadonlyMap<string, number> {
  const steps = new Map<string, number>();
  const builds: Need[] = [];
  for (const need of imageNeeds(scene.project)) {
    const local = scene.observed.images.get(need.key);
    const pull = scene.options.brought.has(need.key) ? undefined : pullReason(scene, need, local);
    const build = buildReason(scene, need, local);
    if (pull !== undefined) steps.set(need.key, pullStep(scene, need, pull));
    // Whether a missing image has to be built is known once it could not be pulled: that is for the next plan.
    if (build !== undefined && !(pull !== undefined && build === "missing")) builds.push(need);
  }
  const all = [...builds, ...basesElsewhere(scene.project, builds)];
  for (const need of inBuildOrder(all, scene.plan)) addBuild(scene, need, steps);
  return steps;
}

/** Image of the service first, then those of its mounts and hooks. */
export function imageNeeds(project: Project): readonly Need[] {
  const needs = new Map<string, Need>();
  const add = (image: string, service: Service, relation: "owner" | "user"): void => {
    const key = imageKey(image, service.platform);
    const { owners = [], users = [] } = needs.get(key) ?? {};
    needs.set(key, {
      key,
      image,
      platform: service.platform,
      owners: relation === "owner" ? [...owners, service] : owners,
      users: users.includes(service) ? users : [...users, service],
    });
  };
  const services = [...project.services.values()].filter(({ provider }) => provider === undefined);
  for (const service of services) add(imageName(project, service), service, "owner");
  for (const service of services) {
    for (const { type, source } of service.volumes ?? []) {
      if (type === "image" && source !== undefined) add(mountedImage(project, source), service, "user");
    }
    for (const { image } of service.pre_start ?? []) if (image !== undefined) add(image, service, "user");
  }
  return [...needs.values()];
}

/** The source of an image mount is an image, or a service whose image it is. */
export function mountedImage(project: Project, source: string): string {
  const service = project.services.get(source);
  return service === undefined ? source : imageName(project, service);
}

function pullReason(
  { options, observed }: ImageScene,
  { owners }: Need,
  local: ObservedImage | undefined,
): string | undefined {
  const missing = local === undefined ? "missing" : undefined;
  if (owners.length === 0) return missing;
  const buildable = options.build && owners.some(({ build }) => build !== undefined);
  const reasons = owners.map(({ image, pull_policy }): string | undefined => {
    // Nobody else has an image that only this project builds.
    if (image === undefined) return undefined;
    const policy = options.pull ?? (buildable ? "build" : (pull_policy ?? "missing"));
    if (policy === "always") return "always asked for";
    if (policy === "never" || policy === "build") return undefined;
    const period = pullPeriod(policy);
    if (missing !== undefined || period === undefined) return missing;
    const stale = observed.time > (local?.taggedAt ?? 0) + period;
    return stale ? `older than ${policy.replace("every_", "")} allows` : undefined;
  });
  return reasons.find((reason) => reason !== undefined);
}

function buildReason({ options }: ImageScene, need: Need, local: ObservedImage | undefined): string | undefined {
  const asked = options.build || options.pull === "build" || need.owners.some((each) => each.pull_policy === "build");
  const buildable = need.owners.some(({ build }) => build !== undefined);
  if (options.noBuild || !buildable) return undefined;
  if (local === undefined) return "missing";
  return asked && !options.brought.has(need.key) ? "asked for" : undefined;
}

function pullStep({ plan, options }: ImageScene, { image, platform, owners, users }: Need, reason: string): number {
  const optional = !options.noBuild && owners.some(({ build }) => build !== undefined);
  return plan.add({
    kind: "image.pull",
    after: [],
    resource: `image ${image}`,
    cause: optional ? `${reason}; built if it cannot be pulled` : reason,
    image,
    ...(platform !== undefined && { platform }),
    services: users.map(({ name }) => name).sort(),
    optional,
  });
}

function addBuild(scene: ImageScene, need: Need, steps: Map<string, number>): void {
  const { plan, project, observed } = scene;
  const local = observed.images.get(need.key);
  const pulled = steps.get(need.key);
  const contexts = need.owners.flatMap((service) => contextServices(service));
  const bases = contexts.flatMap((name) => {
    const base = serviceCalled(project, name);
    return base === undefined ? [] : (steps.get(imageKey(imageName(project, base), base.platform)) ?? []);
  });
  for (const service of need.owners) {
    if (service.build === undefined) continue;
    const reason = need.users.length === 0 ? neededByBuild : (buildReason(scene, need, local) ?? "missing");
    const step = plan.add({
      kind: "image.build",
      after: [...(pulled === undefined ? [] : [pulled]), ...bases],
      resource: `image ${need.image}`,
      cause: reason,
      service,
      build: forThisEngine(service.build, service.platform),
      image: need.image,
    });
    steps.set(need.key, step);
  }
}

/** Services that take no part themselves, and whose images those to be built are made from: as the file has them now. */
function basesElsewhere(project: Project, builds: readonly Need[]): readonly Need[] {
  const found = new Map<string, Need>();
  const visit = (service: Service): void => {
    for (const name of contextServices(service)) {
      const base = project.services.has(name) ? undefined : serviceCalled(project, name);
      if (base === undefined || found.has(name)) continue;
      const image = imageName(project, base);
      const { platform } = base;
      found.set(name, { key: imageKey(image, platform), image, platform, owners: [base], users: [] });
      visit(base);
    }
  };
  for (const { owners } of builds) for (const owner of owners) visit(owner);
  return [...found.values()];
}

function serviceCalled(project: Project, name: string): Service | undefined {
  return project.services.get(name) ?? project.disabledServices.get(name);
}

/** What is to run here is built for here; for everywhere with `build`. */
function forThisEngine(build: Build, platform: string | undefined): Build {
  if ((build.platforms?.length ?? 0) < 2) return build;
  return { ...build, platforms: platform === undefined ? [] : [platform] };
}

/** Services whose images are contexts of other builds come first; a circle has no first. */
export function inBuildOrder(needs: readonly Need[], plan: Pick<PlanBuilder, "problem">): readonly Need[] {
  const ordered: Need[] = [];
  const seen = new Set<Need>();
  const visit = (need: Need, way: readonly Need[]): void => {
    if (way.includes(need)) plan.problem(circle([...way.slice(way.indexOf(need)), need]));
    if (seen.has(need)) return;
    seen.add(need);
    const bases = need.owners.flatMap((service) => contextServices(service));
    for (const base of needs) {
      if (base.owners.some(({ name }) => bases.includes(name))) visit(base, [...way, need]);
    }
    ordered.push(need);
  };
  for (const need of needs) visit(need, []);
  return ordered;
}

function circle(needs: readonly Need[]): Parameters<PlanBuilder["problem"]>[0] {
  const names = needs.map(({ owners }) => owners[0]?.name ?? "");
  return {
    code: "build-cycle",
    message: `services are built from each other's images in a circle: ${names.join(" → ")}`,
    path: `services.${names[0] ?? ""}.build.additional_contexts`,
  };
}

export const neededByBuild = "another build needs it";

export function contextServices({ build }: Service): readonly string[] {
  const contexts = [...(build?.additional_contexts?.values() ?? [])];
  return contexts.filter((value) => value.startsWith("service:")).map((value) => value.slice("service:".length));
}
