import type { Generation } from "../model/document.ts";
import { serviceHash } from "../model/hash.ts";
import { desiredScale, imageKey, imageName, mostReplicas } from "../model/names.ts";
import type { ObservedContainer, ObservedNetwork, ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";
import { planBuilder, type PlanBuilder } from "./builder.ts";
import { addCreations } from "./creation.ts";
import { decide, type Decision } from "./decide.ts";
import { findDrift } from "./drift.ts";
import { freeAddresses, freePorts, stopRestartingDependents } from "./early-stops.ts";
import { planImages } from "./images.ts";
import { checkInjected } from "./injection-problems.ts";
import { discard, discardHooks } from "./interrupt.ts";
import { isHook } from "./members.ts";
import { decideNetworks, type NetworkFate } from "./networks.ts";
import { addOneOff, besideOneOff } from "./one-off.ts";
import { startOrder } from "./order.ts";
import { findOrphans, warnOfOrphans } from "./orphans.ts";
import { addModels, addProviders } from "./providers.ts";
import { addResources } from "./resources.ts";
import { newMarks, type Scene } from "./scene.ts";
import { addStarts } from "./starting.ts";
import { unsupported } from "./unsupported.ts";
import { recreatePolicy, type UpOptions } from "./up-options.ts";
import { decideVolumes, mountsVolume, type VolumeFate } from "./volumes.ts";

/** What makes the engine have what the file describes. `create` and `scale` are this with other options. */
export function planUp(project: Project, observed: ObservedState, options: UpOptions): Plan {
  const plan = planBuilder(project.origins);
  check(plan, { project, observed, options });
  const order = startOrder(project.services, project.origins);
  const images = planImages({ project, observed, options: options.images, plan });
  const providers = addProviders(plan, { project, order, done: options.provided });
  const models = addModels(plan, project, options.prepared);
  const networks = decideNetworks({ project, observed, plan });
  const volumes = decideVolumes({ project, observed, confirmed: options.confirmed, plan });
  const resources = { networks, volumes, images };
  const decisions = decideServices({ project, observed, options }, order, resources);
  const scene: Scene = {
    project,
    observed,
    options,
    plan,
    order,
    networks,
    volumes,
    decisions,
    marks: newMarks({ images, providers, models }),
  };
  removeOrphans(scene);
  removeSurplus(scene);
  addResources(scene);
  addCreations(scene);
  if (scene.marks.created.size > 0)
    for (const message of unsupported(project, observed.engine).warnings) plan.warn(message);
  if (options.start) {
    stopRestartingDependents(scene);
    freePorts(scene);
    freeAddresses(scene);
  }
  const started = addStarts(scene);
  if (options.oneOff !== undefined) addOneOff(scene, started, options.oneOff);
  return plan.finish();
}

interface Input {
  readonly project: Project;
  readonly observed: ObservedState;
  readonly options: UpOptions;
}

/** What can be known to go wrong, before a single step. */
function check(plan: PlanBuilder, { project, observed, options }: Input): void {
  for (const message of unsupported(project, observed.engine).errors) plan.problem({ code: "engine-too-old", message });
  checkInjected(plan, project, options);
  checkNames(plan, project);
  checkScales(plan, project);
  checkHealthchecks(plan, project);
}

/** A slip of the finger, or a hostile file: planning a thousand million containers takes all of the memory. */
function checkScales(plan: PlanBuilder, project: Project): void {
  for (const service of project.services.values()) {
    const wanted = desiredScale(service);
    if (wanted <= mostReplicas) continue;
    plan.problem({
      code: "scaled-too-far",
      message: `service "${service.name}" asks for ${wanted} containers, and no engine runs more than ${mostReplicas}`,
      path: `services.${service.name}`,
      hint: "lower its scale",
    });
  }
}

/** As docker compose has it: there is no interval of the start where nothing says how long the start is. */
function checkHealthchecks(plan: PlanBuilder, project: Project): void {
  for (const { name, healthcheck } of project.services.values()) {
    if (healthcheck?.start_interval === undefined || healthcheck.start_period !== undefined) continue;
    plan.problem({
      code: "start-interval-without-period",
      message: `healthcheck.start_interval of service "${name}" needs healthcheck.start_period`,
      path: `services.${name}.healthcheck.start_interval`,
      hint: "say with start_period how long the service may take to start",
    });
  }
}

function checkNames(plan: PlanBuilder, project: Project): void {
  const owners = new Map<string, string>();
  for (const service of project.services.values()) {
    const { container_name, name } = service;
    if (container_name === undefined) continue;
    const path = `services.${name}.container_name`;
    if (desiredScale(service) > 1) {
      plan.problem({
        code: "container-name-scaled",
        message: `service "${name}" cannot have ${desiredScale(service)} containers, because all of them would be called "${container_name}"`,
        path,
        hint: "remove container_name, or do not scale the service",
      });
    }
    const other = owners.get(container_name);
    if (other !== undefined) {
      const message = `services "${other}" and "${name}" have the same container_name "${container_name}"`;
      plan.problem({ code: "container-name-twice", message, path });
    }
    owners.set(container_name, name);
  }
}

interface Resources {
  readonly networks: ReadonlyMap<string, NetworkFate>;
  readonly volumes: ReadonlyMap<string, VolumeFate>;
  readonly images: ReadonlyMap<string, number>;
}

/** Parents are decided before the services that live in their namespaces: who is replaced takes those along. */
function decideServices(input: Input, order: readonly string[], resources: Resources): ReadonlyMap<string, Decision> {
  const decisions = new Map<string, Decision>();
  const parents = new Map<string, string>();
  for (const name of order) {
    const service = input.project.services.get(name);
    if (service === undefined) continue;
    const decision = decideService(input, service, { ...resources, parents });
    decisions.set(name, decision);
    const [first] = decision.replicas;
    if (first?.stays !== undefined && first.creation === undefined) parents.set(name, first.stays.id);
  }
  return decisions;
}

function decideService(
  { project, observed, options }: Input,
  service: Service,
  resources: Resources & { readonly parents: ReadonlyMap<string, string> },
): Decision {
  if (service.provider !== undefined) return { service, replicas: [], surplus: [] };
  if (service.name === options.oneOff?.service) return besideOneOff(service, observed);
  const key = imageKey(imageName(project, service), service.platform);
  const expected = {
    project,
    service,
    // What a step of this plan brings is not known yet, and not compared.
    imageId: resources.images.has(key) ? undefined : observed.images.get(key)?.id,
    parents: resources.parents,
    networks: networksToCompare(resources.networks),
    isCurrentHash: hashTest(project, service, resources.parents),
  };
  const lost = replacedVolumes(project, resources.volumes);
  return decide({
    project,
    service,
    existing: observed.containers.filter((each) => each.service === service.name && !each.oneOff && !isHook(each)),
    policy: recreatePolicy(options, service.name),
    usesLost: (container) => lost.find((volume) => mountsVolume(container, volume)),
    driftOf: (container) => findDrift(container, { ...expected, differences: observed.differences.get(container.id) }),
  });
}

/** Hashes are most of what planning costs: each is made when a container asks for it, and once. */
function hashTest(project: Project, service: Service, parents: ReadonlyMap<string, string>): (hash: string) => boolean {
  const made = new Map<Generation, string>();
  const defaultPlatform = project.environment.get("DOCKER_DEFAULT_PLATFORM");
  const hashOf = (generation: Generation): string => {
    const known = made.get(generation);
    const hash = known ?? serviceHash(service, { generation, idOf: (parent) => parents.get(parent), defaultPlatform });
    made.set(generation, hash);
    return hash;
  };
  return (hash) => hash === hashOf("v2") || hash === hashOf("v5");
}

/** A network that is replaced is reconnected, so it is no reason to replace a container; one that is new is. */
function networksToCompare(fates: ReadonlyMap<string, NetworkFate>): ReadonlyMap<string, ObservedNetwork | undefined> {
  const networks = new Map<string, ObservedNetwork | undefined>();
  for (const [key, fate] of fates) {
    if (fate.kind !== "replace") networks.set(key, fate.kind === "ready" ? fate.network : undefined);
  }
  return networks;
}

function replacedVolumes(project: Project, fates: ReadonlyMap<string, VolumeFate>): readonly string[] {
  return [...project.volumes.values()].filter(({ key }) => fates.get(key) === "replace").map(({ name }) => name);
}

function removeOrphans(scene: Scene): void {
  const { plan, project, observed, options } = scene;
  const orphans = findOrphans(project, observed.containers);
  if (options.removeOrphans) for (const orphan of orphans) discard(scene, orphan, orphanCause(orphan));
  else if (!options.ignoreOrphans) warnOfOrphans(plan, project, orphans);
}

function orphanCause({ oneOff, service }: ObservedContainer): string {
  return oneOff ? "a one-off that has ended" : `no service "${service}" in the file`;
}

function removeSurplus(scene: Scene): void {
  for (const { service, surplus } of scene.decisions.values()) {
    for (const { container, cause } of surplus) discard(scene, container, cause, service);
    discardHooks(scene, service.name);
  }
}
