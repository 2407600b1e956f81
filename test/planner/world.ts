import { networkHash, serviceHashes, volumeHash } from "../../src/model/hash.ts";
import { composeLabels } from "../../src/model/labels.ts";
import { containerName, desiredScale, imageKey, imageName } from "../../src/model/names.ts";
import type {
  ObservedContainer,
  ObservedImage,
  ObservedMount,
  ObservedNetwork,
  ObservedState,
  ObservedVolume,
} from "../../src/model/observed.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Dependency, FileObject, Network, Project, Service, Volume } from "../../src/model/project.ts";
import { startOrder } from "../../src/planner/order.ts";
import { defaultUpOptions, type UpOptions } from "../../src/planner/up-options.ts";
import { planUp } from "../../src/planner/up.ts";

/** Test data only: a project in a few words, and the world in which it has been brought up. */

export type ServiceSketch = Omit<Partial<Service>, "depends_on" | "networks"> & {
  readonly depends_on?: Readonly<Record<string, Partial<Dependency>>>;
  readonly networks?: readonly string[];
};

export interface ProjectSketch {
  readonly services: Readonly<Record<string, ServiceSketch>>;
  readonly disabled?: readonly string[];
  readonly networks?: Readonly<Record<string, Partial<Network>>>;
  readonly volumes?: Readonly<Record<string, Partial<Volume>>>;
  readonly secrets?: Readonly<Record<string, Partial<FileObject>>>;
  readonly configs?: Readonly<Record<string, Partial<FileObject>>>;
}

export function project(sketch: ProjectSketch): Project {
  const services = Object.entries(sketch.services).map(([name, each]): [string, Service] => [
    name,
    service(name, each),
  ]);
  const usesDefault = services.some(([, each]) => each.networks?.has("default") === true);
  const networks = { ...(usesDefault && { default: {} }), ...sketch.networks };
  return {
    name: "p",
    workingDir: "/p",
    files: ["/p/compose.yaml"],
    envFiles: [],
    environment: new Map(),
    profiles: [],
    services: new Map(services),
    disabledServices: new Map((sketch.disabled ?? []).map((name) => [name, service(name, {})])),
    networks: new Map(Object.entries(networks).map(([key, each]) => [key, { key, name: `p_${key}`, ...each }])),
    volumes: named(sketch.volumes),
    secrets: named(sketch.secrets),
    configs: named(sketch.configs),
    models: new Map(),
    extensions: new Map(),
    separator: "-",
    origins: new Map(),
  };
}

function named<T>(
  objects: Readonly<Record<string, T>> | undefined,
): ReadonlyMap<string, T & { key: string; name: string }> {
  return new Map(Object.entries(objects ?? {}).map(([key, each]) => [key, { key, name: `p_${key}`, ...each }]));
}

function service(name: string, { depends_on, networks, ...rest }: ServiceSketch): Service {
  const shared = rest.network_mode !== undefined || rest.provider !== undefined;
  const keys = networks ?? (shared ? [] : ["default"]);
  return {
    name,
    ...(rest.build === undefined && rest.provider === undefined && { image: "busybox" }),
    ...(keys.length > 0 && { networks: new Map(keys.map((key) => [key, null])) }),
    ...(depends_on !== undefined && {
      depends_on: new Map(
        Object.entries(depends_on).map(([on, each]) => [on, { condition: "service_started", required: true, ...each }]),
      ),
    }),
    ...rest,
  };
}

export const nothing: ObservedState = {
  time: Date.parse("2026-01-10T00:00:00Z"),
  engine: { version: "28.5.2", api: [1, 51], os: "linux", swarm: false },
  containers: [],
  networks: [],
  volumes: [],
  images: new Map([["busybox", image("busybox")]]),
  strangers: [],
  sameFolders: new Set(),
  differences: new Map(),
};

export function image(name: string, given: Partial<ObservedImage> = {}): ObservedImage {
  return {
    id: `sha256:${hex(name)}`,
    os: "linux",
    architecture: "amd64",
    sizeBytes: 1,
    repoTags: [name],
    labels: new Map(),
    volumes: [],
    healthcheck: false,
    ...given,
  };
}

/** Everything of the project there, running, and as its description says. */
export function broughtUp(project: Project, adjust: Partial<ObservedState> = {}): ObservedState {
  const networks = [...project.networks.values()]
    .filter(({ external }) => external !== true)
    .map((each) => observedNetwork(project, each));
  const volumes = [...project.volumes.values()]
    .filter(({ external }) => external !== true)
    .map((each) => observedVolume(project, each));
  const images = new Map(
    [...project.services.values()].map((each): [string, ObservedImage] => {
      const name = imageName(project, each);
      return [imageKey(name, each.platform), image(name)];
    }),
  );
  const containers: ObservedContainer[] = [];
  for (const name of startOrder(project.services)) {
    const each = project.services.get(name);
    if (each === undefined || each.provider !== undefined) continue;
    for (let number = 1; number <= desiredScale(each); number += 1) {
      containers.push(
        container(project, each, { number, idOf: (parent) => containers.find((c) => c.service === parent)?.id }),
      );
    }
  }
  return { ...nothing, networks, volumes, images, containers, ...adjust };
}

export function observedNetwork(project: Project, network: Network): ObservedNetwork {
  return {
    id: hex(network.name),
    name: network.name,
    driver: "bridge",
    labels: new Map([
      [composeLabels.project, project.name],
      [composeLabels.network, network.key],
      [composeLabels.configHash, networkHash(network, "v2")],
    ]),
  };
}

export function observedVolume(project: Project, volume: Volume): ObservedVolume {
  return {
    name: volume.name,
    driver: "local",
    mountpoint: "",
    labels: new Map([
      [composeLabels.project, project.name],
      [composeLabels.volume, volume.key],
      [composeLabels.configHash, volumeHash(volume)],
    ]),
  };
}

interface Making {
  readonly number: number;
  readonly idOf?: (parent: string) => string | undefined;
}

export function container(
  project: Project,
  service: Service,
  { number, idOf = () => undefined }: Making,
): ObservedContainer {
  const name = containerName(project, service, number);
  const mounts = (service.volumes ?? []).flatMap(({ type, source, target, read_only }): ObservedMount[] => {
    const volume = source === undefined ? hex(name + target) : project.volumes.get(source)?.name;
    if (type !== "volume" || volume === undefined) return [];
    return [{ type, name: volume, source: "", destination: target, writable: read_only !== true }];
  });
  return {
    id: hex(name),
    name,
    project: project.name,
    service: service.name,
    number,
    oneOff: false,
    state: "running",
    health: service.healthcheck === undefined ? "none" : "healthy",
    status: "Up 5 minutes",
    image: imageName(project, service),
    imageId: image(imageName(project, service)).id,
    command: "",
    createdAt: nothing.time - 300_000,
    labels: new Map([
      [composeLabels.workingDir, project.workingDir],
      [composeLabels.configHash, serviceHashes(service, { idOf })[0] ?? ""],
      [composeLabels.image, image(imageName(project, service)).id],
    ]),
    ports: (service.ports ?? []).map(({ target, published, protocol }) => ({
      target,
      protocol,
      published: Number(published),
      hostIp: "0.0.0.0",
    })),
    mounts,
    networks: new Map(
      [...(service.networks?.keys() ?? [])].flatMap((key) => {
        const network = project.networks.get(key);
        return network === undefined ? [] : [[network.name, { networkId: hex(network.name) }]];
      }),
    ),
  };
}

/** One container of the world changed. */
export function adjusted(
  observed: ObservedState,
  name: string,
  change: Partial<ObservedContainer> | ((before: ObservedContainer) => Partial<ObservedContainer>),
): ObservedState {
  if (!observed.containers.some((each) => each.name === name)) throw new Error(`no container ${name}`);
  const containers = observed.containers.map((each) =>
    each.name === name ? { ...each, ...(typeof change === "function" ? change(each) : change) } : each,
  );
  return { ...observed, containers };
}

/** 64 hex digits that begin with something to recognise. */
export function hex(text: string): string {
  return Buffer.from(text).toString("hex").padEnd(64, "0").slice(0, 64);
}

/** `up`, with the flags that matter to a test. */
export function up(project: Project, observed: ObservedState = nothing, options: Partial<UpOptions> = {}): Plan {
  return planUp(project, observed, { ...defaultUpOptions, ...options });
}
