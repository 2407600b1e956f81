import type { ObservedContainer, ObservedNetwork } from "../model/observed.ts";
import type { Network, Service, Volume } from "../model/project.ts";
import { discard, interrupt } from "./interrupt.ts";
import { networkRow, type NetworkFate } from "./networks.ts";
import { present } from "./present.ts";
import { containerRow, existingRef, type Scene } from "./scene.ts";
import { mountsVolume, volumeRow } from "./volumes.ts";

/** Networks and volumes first: containers cannot be created without them. */
export function addResources(scene: Scene): void {
  for (const network of scene.project.networks.values()) {
    const fate = scene.networks.get(network.key);
    if (fate !== undefined && network.external !== true) addNetwork(scene, network, fate);
  }
  for (const volume of scene.project.volumes.values()) addVolume(scene, volume);
}

function addNetwork(scene: Scene, network: Network, fate: NetworkFate): void {
  switch (fate.kind) {
    case "ready":
      for (const spare of fate.spare) removeNetwork(scene, spare, "another network has this name", []);
      return;
    case "create":
      createNetwork(scene, network, "missing", []);
      return;
    case "replace":
      replaceNetwork(scene, network, fate);
  }
}

function createNetwork({ plan, marks }: Scene, network: Network, cause: string, after: readonly number[]): number {
  const resource = networkRow(network.name);
  const step = plan.add({ kind: "network.create", after, resource, cause, network });
  marks.networks.set(network.key, step);
  return step;
}

function removeNetwork({ plan }: Scene, network: ObservedNetwork, cause: string, after: readonly number[]): number {
  const { name, id } = network;
  return plan.add({
    kind: "network.remove",
    after,
    resource: networkRow(name),
    cause,
    name,
    networkId: id,
    inUse: "fail",
  });
}

/** The containers stay: they are taken off the old network and put on the new one, stopped meanwhile. */
function replaceNetwork(scene: Scene, network: Network, fate: NetworkFate & { readonly kind: "replace" }): void {
  const { observed, plan, marks } = scene;
  const users = observed.containers.filter((container) => attachedTo(container, fate.network));
  const cause = `network ${network.name} is replaced`;
  const free = users.map((container) => {
    const removed = marks.removed.get(container.id);
    if (removed !== undefined) return removed;
    interrupt(scene, container, { cause });
    return plan.add({
      kind: "network.disconnect",
      after: present(marks.stopped.get(container.id)),
      resource: containerRow(container.name),
      cause,
      network: network.name,
      container: existingRef(container),
    });
  });
  const gone = removeNetwork(scene, fate.network, fate.cause, free);
  const created = createNetwork(scene, network, fate.cause, [gone]);
  for (const container of [...users, ...detached(scene, network, users)]) {
    const service = serviceToConnect(scene, container, network.key);
    if (service === undefined) continue;
    const connected = plan.add({
      kind: "network.connect",
      after: [created],
      resource: containerRow(container.name),
      cause: `network ${network.name} was replaced`,
      network: network.key,
      container: existingRef(container),
      service,
    });
    marks.reconnected.set(container.id, [...(marks.reconnected.get(container.id) ?? []), connected]);
  }
}

/** Containers that an interrupted replacement of the network has taken off it already. */
function detached(
  { observed, project }: Scene,
  network: Network,
  attached: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  return observed.containers.filter(
    (each) =>
      !each.oneOff &&
      !attached.includes(each) &&
      project.services.get(each.service)?.networks?.has(network.key) === true,
  );
}

function attachedTo(container: ObservedContainer, network: ObservedNetwork): boolean {
  return [...container.networks.values()].some(({ networkId }) => networkId === network.id);
}

/** Containers that are replaced or removed need no new connection; strays keep theirs without settings of their own. */
function serviceToConnect(scene: Scene, container: ObservedContainer, key: string): Service | undefined {
  if (scene.marks.removed.has(container.id)) return undefined;
  const decision = scene.decisions.get(container.service);
  const stray: Service = { name: container.service, networks: new Map([[key, null]]) };
  if (decision === undefined || container.oneOff) return stray;
  return decision.replicas.some(({ stays }) => stays?.id === container.id) ? decision.service : undefined;
}

function addVolume(scene: Scene, volume: Volume): void {
  const { plan, marks } = scene;
  const resource = volumeRow(volume.name);
  switch (scene.volumes.get(volume.key)) {
    case undefined:
    case "ready":
      return;
    case "create":
      marks.volumes.set(volume.key, plan.add({ kind: "volume.create", after: [], resource, cause: "missing", volume }));
      return;
    case "replace":
      replaceVolume(scene, volume);
  }
}

/** A volume cannot be removed while a container, even a stopped one, has it. */
function replaceVolume(scene: Scene, volume: Volume): void {
  const { observed, plan, marks } = scene;
  const users = observed.containers.filter((container) => mountsVolume(container, volume.name));
  const cause = `volume ${volume.name} is replaced`;
  const free = users.map((container) => discard(scene, container, cause));
  const resource = volumeRow(volume.name);
  const reason = "configuration changed";
  const gone = plan.add({
    kind: "volume.remove",
    after: free,
    resource,
    cause: reason,
    name: volume.name,
    inUse: "fail" as const,
  });
  marks.volumes.set(volume.key, plan.add({ kind: "volume.create", after: [gone], resource, cause: reason, volume }));
}
