import { createHash } from "node:crypto";
import { createServer } from "node:net";

import type { Engine } from "../engine/engine.ts";
import { desiredScale } from "../model/names.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Port, Project, Service } from "../model/project.ts";
import { movedPorts, withPorts } from "../planner/kept-ports.ts";
import { type HostPort, publishedPorts, sharedPort } from "../planner/ports.ts";
import type { ActionContext } from "./context.ts";
import { type ChosenPort, writePorts } from "./ports-file.ts";

/** Below the ports that systems give to outgoing connections. */
const range = { first: 20_000, size: 10_000 };

export interface AutoPorts {
  /** A service whose containers are no obstacle and no help: what `run` brings up stands beside them. */
  readonly beside?: string | undefined;
}

/**
 * The project with host ports that are free: the one that the file prefers, else one that is always the same for this
 * folder. A container that has been moved keeps its port, so that the next run finds everything as it was.
 */
export async function withFreePorts(
  project: Project,
  context: ActionContext,
  { beside }: AutoPorts = {},
): Promise<Project> {
  const engine = await context.engine();
  const containers = await engine.listContainers({ all: true, anybodys: true }, context.signal);
  const own = (each: ObservedContainer): boolean => each.project === project.name && each.service !== beside;
  const chooser: Chooser = {
    project,
    own: containers.filter((each) => own(each) && !each.oneOff),
    taken: containers.filter((each) => !own(each) && each.state === "running").flatMap(publishedPorts),
    isFree: isLocal(engine) ? isFree : async () => true,
    reserve: context.reservePort ?? (async () => true),
  };
  const chosen: ChosenPort[] = [];
  const services = new Map<string, Service>();
  for (const [name, service] of project.services) services.set(name, await withChosen(service, chooser, chosen));
  // Where the service itself is reached does not change by a container beside it.
  if (!context.dryRun && beside === undefined) await writePorts(project, chosen);
  return { ...project, services };
}

interface Chooser {
  readonly project: Project;
  readonly own: readonly ObservedContainer[];
  /** Grows with what is chosen. */
  readonly taken: HostPort[];
  readonly isFree: (port: HostPort) => Promise<boolean>;
  /** Images may have to be built before anybody listens; another `up` must not choose the same meanwhile. */
  readonly reserve: (port: string) => Promise<boolean>;
}

async function withChosen(service: Service, chooser: Chooser, chosen: ChosenPort[]): Promise<Service> {
  // Of several containers each needs a port of its own, and that is for the file to say.
  if (desiredScale(service) > 1) return service;
  const moved = new Map<string, number>();
  for (const port of service.ports ?? []) {
    const preferred = Number(port.published ?? "0");
    if (!Number.isInteger(preferred) || preferred === 0) continue;
    const published = await choose(service, { ...port, preferred }, chooser);
    chooser.taken.push({ ip: port.host_ip ?? "", port: published, protocol: port.protocol });
    chosen.push({ service: service.name, port, preferred, published });
    if (published !== preferred) moved.set(`${preferred}/${port.protocol}`, published);
  }
  return withPorts(service, moved);
}

type Wanted = Port & { readonly preferred: number };

async function choose(service: Service, wanted: Wanted, chooser: Chooser): Promise<number> {
  const { own, project } = chooser;
  const { preferred, protocol, host_ip: ip = "" } = wanted;
  const containers = own.filter((each) => each.service === service.name);
  const held = containers.filter(({ state }) => state === "running").flatMap(publishedPorts);
  const at = (port: number): HostPort => ({ ip, port, protocol });
  const isOurs = (port: number): boolean => sharedPort([at(port)], held) !== undefined;
  const isTaken = (port: number): boolean => sharedPort([at(port)], chooser.taken) !== undefined;
  const works = async (port: number): Promise<boolean> =>
    !isTaken(port) &&
    (isOurs(port) || (await chooser.isFree(at(port)))) &&
    (await chooser.reserve(`${port}/${protocol}`));
  const remembered = containers.flatMap((each) => movedPorts(each).get(`${preferred}/${protocol}`) ?? []);
  for (const port of [...remembered, preferred]) if (await works(port)) return port;
  const place = `${project.workingDir} ${service.name} ${wanted.target}/${protocol}`;
  const start = createHash("sha256").update(place).digest().readUInt32BE(0) % range.size;
  for (let step = 0; step < range.size; step += 1) {
    const port = range.first + ((start + step) % range.size);
    if (await works(port)) return port;
  }
  return preferred;
}

/** Only here can it be tried whether something else than a container listens. */
function isLocal({ info }: Engine): boolean {
  return /^(unix|npipe):/.test(info.endpoint);
}

function isFree({ ip, port, protocol }: HostPort): Promise<boolean> {
  if (protocol !== "tcp") return Promise.resolve(true);
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
    server.listen({ port, host: ip === "" ? "0.0.0.0" : ip, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
