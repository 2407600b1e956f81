import { realpath } from "node:fs/promises";

import type { ContainerFilter, Engine } from "../engine/engine.ts";
import { composeLabels } from "../model/labels.ts";
import { containerName, thinkableScale } from "../model/names.ts";
import type { ObservedContainer, ObservedImage, ObservedState } from "../model/observed.ts";
import type { Project } from "../model/project.ts";
import { imageNeeds } from "../planner/images.ts";
import { publishedPorts, sharedPort, wantedPorts } from "../planner/ports.ts";
import { isOwnOrHook } from "./own-containers.ts";
import { sideBySide } from "./side-by-side.ts";

/** What a verb has to know besides the project's containers. Nothing is asked for that nobody reads. */
export interface Interest {
  readonly resources?: boolean;
  readonly images?: boolean;
  /** With the images also those that were ever built for the project, whatever has become of their services. */
  readonly built?: boolean;
  /** Containers of others that are in the way of new ones. */
  readonly strangers?: boolean;
}

/** What is there, in as few calls as will do, side by side. */
export async function observe(
  engine: Engine,
  project: Project,
  { interest, signal }: { readonly interest: Interest; readonly signal: AbortSignal },
): Promise<ObservedState> {
  const listing = engine.listContainers({ project: project.name, all: true }, signal);
  const [all, networks, volumes, images, built] = await Promise.all([
    listing,
    interest.resources === true ? networksOf(engine, project, signal) : [],
    interest.resources === true ? volumesOf(engine, project, signal) : [],
    interest.images === true ? imagesOf(engine, project, signal) : new Map<string, ObservedImage>(),
    interest.built === true ? engine.listImages({ project: project.name }, signal) : [],
  ]);
  const containers = all.filter((each) => isOwnOrHook(each));
  const { api, os, version, swarm } = engine.info;
  return {
    time: Date.now(),
    engine: { api, os, version, swarm },
    containers,
    networks,
    volumes,
    images: new Map([...built.flatMap((image) => image.repoTags.map((tag) => [tag, image] as const)), ...images]),
    strangers: interest.strangers === true ? await strangersTo(engine, project, { containers, signal }) : [],
    sameFolders: await sameFolders(project, containers),
    differences: new Map(),
  };
}

async function networksOf(engine: Engine, project: Project, signal: AbortSignal): Promise<ObservedState["networks"]> {
  const wanted = [...project.networks.values()].map(({ name }) => name);
  const external = [...project.networks.values()].filter(({ external }) => external === true).map(({ name }) => name);
  const own = await engine.listNetworks({ project: project.name }, signal);
  const missing = wanted.filter((name) => external.includes(name) || !own.some((each) => each.name === name));
  const others = await sideBySide(missing, (name) => engine.findNetwork(name, signal));
  return [...own, ...others.filter((each) => each !== undefined)];
}

async function volumesOf(engine: Engine, project: Project, signal: AbortSignal): Promise<ObservedState["volumes"]> {
  if (project.volumes.size === 0) return [];
  const own = await engine.listVolumes({ project: project.name }, signal);
  const missing = [...project.volumes.values()].filter(({ name }) => !own.some((each) => each.name === name));
  const others = await sideBySide(missing, ({ name }) => engine.findVolume(name, signal));
  return [...own, ...others.filter((each) => each !== undefined)];
}

async function imagesOf(engine: Engine, project: Project, signal: AbortSignal): Promise<ObservedState["images"]> {
  const found = await sideBySide(imageNeeds(project), async ({ key, image, platform }) => {
    const local = await engine.findImage(image, platform, signal);
    return local === undefined ? [] : [[key, local] as const];
  });
  return new Map(found.flat());
}

/** Whose containers have a name or a port that we are about to ask for; not asked while everything is ours already. */
async function strangersTo(
  engine: Engine,
  project: Project,
  { containers, signal }: { readonly containers: readonly ObservedContainer[]; readonly signal: AbortSignal },
): Promise<readonly ObservedContainer[]> {
  const services = [...project.services.values()].filter(({ provider }) => provider === undefined);
  const names = new Set(
    services.flatMap((service) =>
      Array.from({ length: thinkableScale(service) }, (_, index) => containerName(project, service, index + 1)),
    ),
  );
  const ports = services.flatMap((service) => wantedPorts(service));
  const ours = new Set(containers.map(({ name }) => name));
  const held = containers.filter(({ state }) => state === "running").flatMap((each) => publishedPorts(each));
  const satisfied = [...names].every((name) => ours.has(name)) && ports.every((port) => sharedPort([port], held));
  if (satisfied) return [];
  const filter: ContainerFilter = { all: true, anybodys: true };
  const all = await engine.listContainers(filter, signal);
  return all.filter(
    (each) =>
      !containers.some(({ id }) => id === each.id) &&
      (names.has(each.name) || sharedPort(ports, publishedPorts(each)) !== undefined),
  );
}

/** Labels carry the path as it was written then: a symbolic link leads to the same folder. */
async function sameFolders(project: Project, containers: readonly ObservedContainer[]): Promise<ReadonlySet<string>> {
  const labels = new Set(containers.flatMap(({ labels }) => labels.get(composeLabels.workingDir) ?? []));
  labels.delete(project.workingDir);
  const own = labels.size === 0 ? "" : await realPath(project.workingDir);
  const same = await Promise.all([...labels].map(async (folder) => ((await realPath(folder)) === own ? [folder] : [])));
  return new Set(same.flat());
}

function realPath(folder: string): Promise<string> {
  // A folder that is gone is the same as no other.
  return realpath(folder).catch(() => folder);
}
