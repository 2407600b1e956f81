import { joinedNetworks } from "../model/joined-networks.ts";
import { composeLabels } from "../model/labels.ts";
import { imageKey, imageName } from "../model/names.ts";
import type { ObservedContainer, ObservedImage, ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";
import { planBuilder, type PlanBuilder } from "./builder.ts";
import { containersOf, isChosen, isHook } from "./members.ts";
import { networkRow } from "./networks.ts";
import { dependencies } from "./order.ts";
import { dependentsFirst } from "./reverse.ts";
import { hasAnonymousVolumes } from "./rm.ts";
import { removeSteps } from "./stopping.ts";
import { mountsVolume, volumeRow } from "./volumes.ts";

export interface DownOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly removeOrphans: boolean;
  /** Named volumes of the project, and anonymous ones of its containers. */
  readonly volumes: boolean;
  /** "local": those that were built here. "all": of every service. */
  readonly removeImages?: "all" | "local" | undefined;
  readonly timeoutSeconds?: number | undefined;
}

interface Situation {
  readonly project: Project;
  readonly observed: ObservedState;
  readonly options: DownOptions;
  readonly plan: PlanBuilder;
  /** Container id → the step after which it is gone. */
  readonly gone: Map<string, number>;
}

/** Containers from those that nobody depends on, then what only they used. */
export function planDown(project: Project, observed: ObservedState, options: DownOptions): Plan {
  const plan = planBuilder();
  const situation: Situation = { project, observed, options, plan, gone: new Map() };
  removeServices(situation);
  removeStrays(situation);
  removeNetworks(situation);
  if (options.removeImages !== undefined) removeImages(situation);
  if (options.volumes) removeVolumes(situation);
  const done = plan.finish();
  const isUnknown = project.files.length === 0 && done.steps.length === 0;
  return isUnknown ? { ...done, warnings: [`No resource found to remove for project "${project.name}"`] } : done;
}

function removeServices({ project, observed, options, plan, gone }: Situation): void {
  const { timeoutSeconds, volumes } = options;
  dependentsFirst(project, (service, after) => {
    if (!isChosen(options.services, service.name)) return [];
    if (service.provider !== undefined) {
      const resource = `service ${service.name}`;
      return [plan.add({ kind: "provider.run", after, resource, cause: "down", service, command: "down" })];
    }
    return containersOf(observed, service.name).flatMap((container) => {
      const removal = { container, cause: "down", after, timeoutSeconds, hooksOf: service, volumes };
      const { stopped, removed } = removeSteps(plan, removal);
      gone.set(container.id, removed);
      if (volumes && hasAnonymousVolumes(container)) plan.lose(`anonymous volumes of ${container.name}`);
      return stopped;
    });
  });
}

/** Containers that no service accounts for: orphans and one-offs if asked for, left-overs of hooks always. */
function removeStrays({ project, observed, options, plan, gone }: Situation): void {
  const { timeoutSeconds } = options;
  for (const container of observed.containers) {
    if (gone.has(container.id)) continue;
    const reason = strayReason(project, container, options);
    if (reason === undefined) continue;
    const volumes = options.volumes || isHook(container);
    const removal = { container, cause: reason, after: [], timeoutSeconds, volumes };
    gone.set(container.id, removeSteps(plan, removal).removed);
  }
}

function strayReason(project: Project, container: ObservedContainer, options: DownOptions): string | undefined {
  const known = project.services.has(container.service) || project.disabledServices.has(container.service);
  if (isHook(container)) return options.services.length === 0 ? "left over from a pre_start hook" : undefined;
  if (!options.removeOrphans) return undefined;
  if (container.oneOff) return "a one-off";
  return known ? undefined : `no service "${container.service}" in the file`;
}

/** Of named services only what they and their dependencies use: the data of the others is not theirs to lose. */
function resourcesOf(
  { project, observed }: Situation,
  named: readonly string[],
): Pick<Project, "networks" | "volumes"> {
  if (named.length === 0) return project;
  const services = withDependencies(project.services, named);
  const networks = new Set(services.flatMap((service) => [...joinedNetworks(project, service).keys()]));
  const volumes = new Set(services.flatMap((service) => (service.volumes ?? []).map(({ source }) => source)));
  // Labels do not say who uses what. The containers do.
  const isUser = ({ service }: ObservedContainer): boolean => services.some(({ name }) => name === service);
  const users = project.files.length > 0 ? [] : observed.containers.filter((each) => isUser(each));
  const isUsed = (network: string): boolean => users.some((each) => each.networks.has(network));
  const isMounted = (volume: string): boolean => users.some((each) => mountsVolume(each, volume));
  return {
    networks: new Map([...project.networks].filter(([key, { name }]) => networks.has(key) || isUsed(name))),
    volumes: new Map([...project.volumes].filter(([key, { name }]) => volumes.has(key) || isMounted(name))),
  };
}

function withDependencies(services: Project["services"], named: readonly string[]): readonly Service[] {
  const found = new Set(named);
  for (const name of found) {
    const service = services.get(name);
    for (const dependency of service === undefined ? [] : dependencies(services, service)) found.add(dependency);
  }
  return [...services.values()].filter(({ name }) => found.has(name));
}

function removeNetworks(situation: Situation): void {
  const { project, observed, options, plan, gone } = situation;
  for (const { key, name, external } of resourcesOf(situation, options.services).networks.values()) {
    if (external === true) continue;
    const found = observed.networks.filter(
      (each) => each.name === name && each.labels.get(composeLabels.project) === project.name,
    );
    for (const { id, labels } of found) {
      if (labels.get(composeLabels.network) !== key) continue;
      const users = observed.containers.filter((each) => each.networks.has(name));
      const after = stepsOf(users, gone);
      const resource = networkRow(name);
      plan.add({ kind: "network.remove", after, resource, cause: "down", name, networkId: id, inUse: "warn" });
    }
  }
}

/** A tag that a container still has, of another project perhaps, stays. */
function removeImages(situation: Situation): void {
  const { project, observed, options } = situation;
  const seen = new Set<string>();
  for (const service of project.services.values()) {
    if (!isChosen(options.services, service.name) || service.provider !== undefined) continue;
    const image = imageName(project, service);
    const local = observed.images.get(imageKey(image, service.platform));
    const built = service.image === undefined || local?.labels.get(composeLabels.project) === project.name;
    if (local === undefined || seen.has(image) || (options.removeImages === "local" && !built)) continue;
    seen.add(image).add(local.id);
    const users = observed.containers.filter((each) => each.service === service.name);
    removeImage(situation, image, users);
  }
  for (const local of observed.images.values()) {
    const [image] = local.repoTags;
    if (image === undefined || seen.has(local.id) || !isBuiltFor(project, local)) continue;
    if (!isMeant(situation, local.labels.get(composeLabels.service) ?? "")) continue;
    seen.add(local.id);
    const users = observed.containers.filter(({ imageId }) => imageId === local.id);
    removeImage(situation, image, users);
  }
}

/** What `commit` made of a container has all of its labels, and is somebody's copy. */
function isBuiltFor({ name }: Project, { labels }: ObservedImage): boolean {
  return labels.get(composeLabels.project) === name && !labels.has(composeLabels.configHash);
}

/** Built for a service, but not what its description or container names: under an earlier name, or after `up`. */
function isMeant({ project, options: { services, removeOrphans } }: Situation, service: string): boolean {
  if (project.services.has(service)) return isChosen(services, service);
  return removeOrphans && services.length === 0;
}

function removeImage({ plan, options, gone }: Situation, image: string, users: readonly ObservedContainer[]): void {
  plan.add({
    kind: "image.remove",
    after: stepsOf(users, gone),
    resource: `image ${image}`,
    cause: options.removeImages === "local" ? "--rmi local" : "--rmi all",
    image,
  });
}

function removeVolumes(situation: Situation): void {
  const { observed, options, plan, gone } = situation;
  for (const { name, external } of resourcesOf(situation, options.services).volumes.values()) {
    if (external === true || !observed.volumes.some((each) => each.name === name)) continue;
    const after = stepsOf(
      observed.containers.filter((each) => mountsVolume(each, name)),
      gone,
    );
    plan.add({ kind: "volume.remove", after, resource: volumeRow(name), cause: "--volumes", name, inUse: "warn" });
    plan.lose(name);
  }
}

function stepsOf(containers: readonly ObservedContainer[], gone: ReadonlyMap<string, number>): readonly number[] {
  return containers.flatMap(({ id }) => gone.get(id) ?? []);
}
