import { buffer } from "node:stream/consumers";

import type { ContainerDetails, CreateContainer, Engine } from "../../../src/engine/engine.ts";
import { CancelledError, EngineError } from "../../../src/model/error.ts";
import { composeLabels } from "../../../src/model/labels.ts";
import type { ObservedContainer, ObservedMount } from "../../../src/model/observed.ts";
import { kill, remove, start, stop } from "./lifecycle.ts";
import { type FakeContainer, type FakeImage, type FakeWorld, emit, find, newId, nextChange, refusal } from "./world.ts";

type ContainerCalls = Pick<
  Engine,
  | "listContainers"
  | "inspectContainer"
  | "createContainer"
  | "startContainer"
  | "stopContainer"
  | "restartContainer"
  | "killContainer"
  | "pauseContainer"
  | "unpauseContainer"
  | "renameContainer"
  | "removeContainer"
  | "waitContainer"
  | "putArchive"
  | "getArchive"
  | "statPath"
  | "topContainer"
  | "statsContainer"
  | "exportContainer"
  | "commitContainer"
>;

export function containerCalls(world: FakeWorld): ContainerCalls {
  return {
    listContainers: async ({ project, all, anybodys }) =>
      [...world.containers.values()]
        .filter((each) => all || each.process !== undefined)
        .filter(({ request }) => {
          const label = request.labels.get(composeLabels.project);
          return anybodys === true || (project === undefined ? label !== undefined : label === project);
        })
        .map(observed),
    inspectContainer: async (id) => details(find(world, id)),
    createContainer: async (request) => create(world, request),
    startContainer: async (id) => start(world, find(world, id)),
    stopContainer: async (id, { timeoutSeconds }) => stop(world, find(world, id), timeoutSeconds),
    async restartContainer(id, { timeoutSeconds }) {
      const container = find(world, id);
      await stop(world, container, timeoutSeconds);
      start(world, container);
      emit(world, container, "restart");
    },
    killContainer: async (id, signal) => kill(world, find(world, id), signal),
    async pauseContainer(id) {
      const container = find(world, id);
      if (container.process === undefined) throw refusal(409, `container ${container.name} is not running`);
      if (container.state === "paused") throw refusal(409, `container ${container.name} is already paused`);
      container.state = "paused";
      emit(world, container, "pause");
    },
    async unpauseContainer(id) {
      const container = find(world, id);
      if (container.state !== "paused") throw refusal(500, `Container ${container.name} is not paused`);
      container.state = "running";
      emit(world, container, "unpause");
    },
    async renameContainer(id, name) {
      const container = find(world, id);
      refuseTakenName(world, name);
      container.name = name;
      emit(world, container, "rename");
    },
    async removeContainer(id) {
      try {
        remove(world, find(world, id));
      } catch (error) {
        if (!(error instanceof EngineError && error.status === 404)) throw error;
      }
    },
    async waitContainer(id, condition, signal) {
      const container = find(world, id);
      const exitCode = waitFor(world, { container, condition }, signal);
      exitCode.catch(() => {});
      return { exitCode };
    },
    async putArchive(id, { tar }) {
      // Enough for a test to see that a file arrived: the name in the first header.
      const bytes = tar instanceof Uint8Array ? Buffer.from(tar) : await buffer(tar);
      const [name = ""] = bytes.toString("utf8", 0, 100).split("\0", 1);
      find(world, id).files.add(`/${name.replace(/^\/+/, "")}`);
    },
    async getArchive() {
      throw refusal(501, "the fake engine keeps no contents");
    },
    async statPath(id, path) {
      return find(world, id).files.has(path) ? { name: path, sizeBytes: 0, mode: 0o644, linkTarget: "" } : undefined;
    },
    topContainer: async () => ({ titles: ["PID", "CMD"], processes: [] }),
    statsContainer: async function* () {},
    async exportContainer() {
      throw refusal(501, "the fake engine keeps no contents");
    },
    async commitContainer() {
      throw refusal(501, "the fake engine keeps no contents");
    },
  };
}

function create(
  world: FakeWorld,
  request: CreateContainer,
): { readonly id: string; readonly warnings: readonly string[] } {
  const image = findImage(world, request.image);
  if (image === undefined) throw refusal(404, `the image ${request.image} is not on this engine`);
  refuseTakenName(world, request.name);
  const container: FakeContainer = {
    id: newId(),
    name: request.name,
    request,
    image,
    createdAt: Date.now(),
    state: "created",
    health: "none",
    exitCode: 0,
    error: "",
    startedAt: 0,
    finishedAt: 0,
    restartCount: 0,
    stopping: false,
    process: undefined,
    probes: [],
    networks: new Map(networkNames(request).map((name) => [name, ""])),
    volumes: volumes(world, request, image),
    files: new Set(),
    output: [],
    bells: new Set(),
  };
  world.containers.set(container.id, container);
  emit(world, container, "create");
  return { id: container.id, warnings: [] };
}

export function findImage(world: FakeWorld, name: string): FakeImage | undefined {
  const tagged = name.includes(":") ? name : `${name}:latest`;
  return [...world.images.values()].find(
    (each) => each.id === name || each.repoTags.includes(tagged) || each.repoTags.includes(name),
  );
}

function refuseTakenName(world: FakeWorld, name: string): void {
  const holder = [...world.containers.values()].find((each) => each.name === name);
  if (holder === undefined) return;
  throw refusal(409, `the name ${name} is taken by another container (${holder.id.slice(0, 12)})`);
}

function networkNames({ project, service }: CreateContainer): string[] {
  if (service.network_mode !== undefined) return [];
  return [...(service.networks?.keys() ?? [])].map((key) => project.networks.get(key)?.name ?? key);
}

/** Volumes come into being with the first container that uses them; without a name they get one. */
function volumes(world: FakeWorld, request: CreateContainer, image: FakeImage): FakeContainer["volumes"] {
  const named = (request.service.volumes ?? []).filter((mount) => mount.type === "volume");
  const inherited = new Map(request.inherits.map((each) => [each.destination, each.volume]));
  const targets = new Set([...named.map((mount) => mount.target), ...inherited.keys(), ...image.volumes]);
  return [...targets].map((target) => {
    const mount = named.find((each) => each.target === target);
    const declared =
      mount?.source === undefined ? undefined : (request.project.volumes.get(mount.source)?.name ?? mount.source);
    const name = declared ?? inherited.get(target) ?? newId();
    if (!world.volumes.has(name)) world.volumes.set(name, { name, labels: new Map() });
    return { name, target, writable: mount?.read_only !== true };
  });
}

async function waitFor(
  world: FakeWorld,
  { container, condition }: { container: FakeContainer; condition: "not-running" | "next-exit" | "removed" },
  signal: AbortSignal | undefined,
): Promise<number> {
  const before = container.finishedAt;
  for (;;) {
    if (signal?.aborted === true) throw new CancelledError();
    const removed = !world.containers.has(container.id);
    if (condition === "removed" ? removed : removed || container.finishedAt !== before) return container.exitCode;
    if (condition === "not-running" && container.process === undefined && container.state !== "restarting")
      return container.exitCode;
    await nextChange(container, signal);
  }
}

function observed(container: FakeContainer): ObservedContainer {
  const { request } = container;
  const number = Number(request.labels.get(composeLabels.containerNumber));
  return {
    id: container.id,
    name: container.name,
    project: request.labels.get(composeLabels.project) ?? "",
    service: request.labels.get(composeLabels.service) ?? "",
    ...(number > 0 && { number }),
    oneOff: request.labels.get(composeLabels.oneOff) === "True",
    state: container.state,
    health: container.health,
    ...(container.state === "exited" && { exitCode: container.exitCode }),
    status: statusText(container),
    image: request.image,
    imageId: container.image.id,
    command: (request.service.command ?? container.image.command).join(" "),
    createdAt: Math.floor(container.createdAt / 1000) * 1000,
    labels: request.labels,
    ports: container.process === undefined ? [] : ports(container),
    mounts: mounts(container),
    networks: new Map([...container.networks].map(([name, networkId]) => [name, { networkId }])),
  };
}

function ports({ request }: FakeContainer): ObservedContainer["ports"] {
  return (request.service.ports ?? []).map(({ target, protocol, published }) => ({
    target,
    protocol,
    ...(published !== undefined && { hostIp: "0.0.0.0", published: Number(published) }),
  }));
}

function mounts({ volumes, request }: FakeContainer): ObservedMount[] {
  const binds = (request.service.volumes ?? []).filter((mount) => mount.type === "bind");
  return [
    ...volumes.map(({ name, target, writable }) => ({
      type: "volume",
      name,
      source: `/volumes/${name}`,
      destination: target,
      writable,
    })),
    ...binds.map(({ source = "", target, read_only }) => ({
      type: "bind",
      source,
      destination: target,
      writable: read_only !== true,
    })),
  ];
}

function statusText({ state, health, exitCode }: FakeContainer): string {
  switch (state) {
    case "created":
      return "Created";
    case "running":
      return `Up 1 second${health === "none" ? "" : health === "starting" ? " (health: starting)" : ` (${health})`}`;
    case "paused":
      return "Up 1 second (Paused)";
    case "restarting":
      return `Restarting (${exitCode}) 1 second ago`;
    case "exited":
      return `Exited (${exitCode}) 1 second ago`;
    case "removing":
      return "Removal In Progress";
    case "dead":
      return "Dead";
  }
}

function details(container: FakeContainer): ContainerDetails {
  const { request, state } = container;
  const time = (milliseconds: number): string =>
    milliseconds === 0 ? "0001-01-01T00:00:00Z" : new Date(milliseconds).toISOString();
  return {
    id: container.id,
    name: container.name,
    state,
    exitCode: container.exitCode,
    outOfMemory: false,
    error: container.error,
    health: container.health,
    probes: container.probes,
    startedAt: time(container.startedAt),
    finishedAt: time(container.finishedAt),
    tty: request.service.tty === true,
    openStdin: request.service.stdin_open === true,
    restartCount: container.restartCount,
    imageId: container.image.id,
    labels: request.labels,
    environment: [...(request.service.environment ?? [])].map(([name, value]) => `${name}=${value ?? ""}`),
    healthcheckTest: request.service.healthcheck?.test ?? [],
    raw: {},
  };
}
