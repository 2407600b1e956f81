import type { Engine } from "../../../src/engine/engine.ts";
import { composeLabels } from "../../../src/model/labels.ts";
import type { ObservedNetwork, ObservedVolume } from "../../../src/model/observed.ts";
import { type FakeNetwork, type FakeWorld, find, newId, refusal } from "./world.ts";

type ResourceCalls = Pick<
  Engine,
  | "listNetworks"
  | "findNetwork"
  | "createNetwork"
  | "removeNetwork"
  | "connectNetwork"
  | "disconnectNetwork"
  | "listVolumes"
  | "findVolume"
  | "createVolume"
  | "removeVolume"
>;

export function resourceCalls(world: FakeWorld): ResourceCalls {
  const network = (idOrName: string): FakeNetwork | undefined =>
    world.networks.get(idOrName) ?? [...world.networks.values()].find((each) => each.name === idOrName);
  return {
    listNetworks: async ({ project }) => [...world.networks.values()].filter(ownedBy(project)).map(observedNetwork),
    async findNetwork(name) {
      const found = network(name);
      return found === undefined ? undefined : observedNetwork(found);
    },
    async createNetwork({ name }, labels) {
      if (network(name) !== undefined) throw refusal(409, `network with name ${name} already exists`);
      const id = newId();
      world.networks.set(id, { id, name, labels });
      return id;
    },
    async removeNetwork(id) {
      const found = network(id);
      if (found === undefined) return "absent";
      // Only running containers hold a network.
      const users = [...world.containers.values()].filter((each) => each.networks.has(found.name));
      if (users.some((each) => each.process !== undefined)) return "in use";
      world.networks.delete(found.id);
      return "removed";
    },
    async connectNetwork(name, { container, project }) {
      const found = network(project.networks.get(name)?.name ?? name);
      if (found === undefined) throw refusal(404, `network ${name} not found`);
      find(world, container).networks.set(found.name, found.id);
    },
    async disconnectNetwork(name, container) {
      const found = network(name);
      if (found === undefined) throw refusal(404, `network ${name} not found`);
      find(world, container).networks.delete(found.name);
    },
    listVolumes: async ({ project }) => [...world.volumes.values()].filter(ownedBy(project)).map(observedVolume),
    async findVolume(name) {
      const found = world.volumes.get(name);
      return found === undefined ? undefined : observedVolume(found);
    },
    async createVolume({ name }, labels) {
      if (!world.volumes.has(name)) world.volumes.set(name, { name, labels });
    },
    async removeVolume(name) {
      if (!world.volumes.has(name)) return "absent";
      const used = [...world.containers.values()].some((each) => each.volumes.some((volume) => volume.name === name));
      if (used) return "in use";
      world.volumes.delete(name);
      return "removed";
    },
  };
}

function ownedBy(project: string | undefined): (each: { readonly labels: ReadonlyMap<string, string> }) => boolean {
  return ({ labels }) => project === undefined || labels.get(composeLabels.project) === project;
}

function observedNetwork({ id, name, labels }: FakeNetwork): ObservedNetwork {
  return { id, name, driver: "bridge", labels };
}

function observedVolume({ name, labels }: { name: string; labels: ReadonlyMap<string, string> }): ObservedVolume {
  return { name, driver: "local", mountpoint: `/volumes/${name}`, labels };
}
