import { joinedNetworks } from "../model/joined-networks.ts";
import { imageKey, imageName, temporaryName } from "../model/names.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { ContainerRef, InheritedVolume } from "../model/plan.ts";
import type { Service } from "../model/project.ts";
import { linkedServices, parentsOf } from "../model/references.ts";
import type { Replica } from "./decide.ts";
import type { Drift } from "./drift.ts";
import { mountedImage } from "./images.ts";
import { containersOf } from "./members.ts";
import { dependencies } from "./order.ts";
import { present } from "./present.ts";
import { containerRow, existingRef, replicaRef, type Scene } from "./scene.ts";
import { isAlive } from "./stopping.ts";

/** Every container that is new, before any old one gives way to it: what the engine refuses it refuses here. */
export function addCreations(scene: Scene): void {
  for (const name of scene.order) {
    const decision = scene.decisions.get(name);
    if (decision === undefined) continue;
    for (const replica of decision.replicas) {
      if (replica.creation !== undefined) addCreation(scene, decision.service, { replica, drift: replica.creation });
    }
  }
}

function addCreation(
  scene: Scene,
  service: Service,
  { replica, drift }: { readonly replica: Replica; readonly drift: Drift },
): void {
  const { project, observed, plan, marks } = scene;
  const image = imageName(project, service);
  const key = imageKey(image, service.platform);
  const local = observed.images.get(key);
  const brought = marks.images.get(key);
  if (local === undefined && brought === undefined) reportAbsent(scene, service, image);
  const references = referencesOf(scene, service);
  const gone = replica.replaces === undefined ? undefined : marks.removed.get(replica.replaces.id);
  const replaces = gone === undefined ? replica.replaces : undefined;
  const nameAtFirst = replaces === undefined ? replica.name : temporaryName(replaces.id, replica.name);
  const nameFree = freeName(scene, service, nameAtFirst);
  const resource = containerRow(replica.name);
  const step = plan.add({
    kind: "container.create",
    after: [...needs(scene, service, references), ...present(brought, gone), ...nameFree],
    resource,
    cause: drift.cause,
    service,
    image,
    ...(local !== undefined && brought === undefined && { imageId: local.id }),
    number: replica.number,
    name: replica.name,
    ...(replaces !== undefined && { replaces }),
    references,
    inherits: inheritedVolumes(scene, service, replica.replaces),
  });
  plan.changed(resource, drift.changes);
  marks.created.set(replica, step);
}

/** The steps after which everything that the container refers to is there. */
export function needs(
  { project, marks }: Scene,
  service: Service,
  references: ReadonlyMap<string, readonly ContainerRef[]>,
): readonly number[] {
  const networks = [...joinedNetworks(project, service).keys()].map((key) => marks.networks.get(key));
  const volumes = (service.volumes ?? []).map(({ source }) => marks.volumes.get(source ?? ""));
  const providers = dependencies(project.services, service).map((name) => marks.providers.get(name));
  const images = (service.volumes ?? []).map(({ type, source }) =>
    type === "image" ? marks.images.get(imageKey(mountedImage(project, source ?? ""), service.platform)) : undefined,
  );
  const created = [...references.values()].flat().map(({ createdBy }) => createdBy);
  const models = [...(service.models?.keys() ?? [])].map((key) => marks.models.get(key));
  return present(...models, ...networks, ...volumes, ...providers, ...images, ...created);
}

/** Containers of the services whose namespaces, volumes or names this one uses. */
export function referencesOf(scene: Scene, service: Service): ReadonlyMap<string, readonly ContainerRef[]> {
  const names = new Set([...parentsOf(service), ...linkedServices(service)]);
  return new Map(
    [...names].flatMap((name): [string, readonly ContainerRef[]][] => {
      const decision = scene.decisions.get(name);
      // Left out of the selection (--no-deps): then those count that are there.
      if (decision === undefined) return [[name, containersOf(scene.observed, name).filter(isAlive).map(existingRef)]];
      return [[name, decision.replicas.map((replica) => replicaRef(scene, decision.service, replica))]];
    }),
  );
}

/** Data in anonymous volumes outlives the container: the successor gets what the image or the service puts there. */
function inheritedVolumes(
  scene: Scene,
  service: Service,
  old: ObservedContainer | undefined,
): readonly InheritedVolume[] {
  if (old === undefined || scene.options.renewAnonymousVolumes) return [];
  const image = scene.observed.images.get(imageKey(imageName(scene.project, service), service.platform));
  const mounts = service.volumes ?? [];
  const anonymous = mounts.filter(({ type, source }) => type === "volume" && source === undefined);
  const named = new Set(mounts.filter((mount) => !anonymous.includes(mount)).map(({ target }) => target));
  const wanted = new Set([...(image?.volumes ?? []), ...anonymous.map(({ target }) => target)]);
  return old.mounts.flatMap(({ type, name, destination, writable }) => {
    if (type !== "volume" || name === undefined || !wanted.has(destination) || named.has(destination)) return [];
    return [{ destination, volume: name, readOnly: !writable }];
  });
}

/** The steps after which the name is free; a name that stays taken is a problem, and one the engine would only tell half-way. */
export function freeName({ observed, plan, marks, project }: Scene, service: Service, name: string): readonly number[] {
  const holder = [...observed.containers, ...observed.strangers].find((each) => each.name === name);
  if (holder === undefined) return [];
  const removed = marks.removed.get(holder.id);
  if (removed !== undefined) return [removed];
  const owner = holder.project === "" ? "no project" : `project "${holder.project}"`;
  const whose = holder.project === project.name ? `service "${holder.service}"` : owner;
  plan.problem({
    code: "name-taken",
    message: `the name "${name}", which service "${service.name}" wants, is taken by a container of ${whose}`,
    path: `services.${service.name}.container_name`,
    hint: `remove or rename container ${holder.id.slice(0, 12)}`,
  });
  return [];
}

export function reportAbsent({ plan, options }: Scene, service: Service, image: string): void {
  const unbuilt = service.build !== undefined && options.images.noBuild;
  const reason = unbuilt ? "--no-build forbids to build it" : "its pull policy forbids to pull it";
  plan.problem({
    code: "image-absent",
    message: `image "${image}" of service "${service.name}" is not on this engine, and ${reason}`,
    path: `services.${service.name}.image`,
  });
}
