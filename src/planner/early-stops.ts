import type { ObservedContainer } from "../model/observed.ts";
import type { Service } from "../model/project.ts";
import type { Decision, Replica } from "./decide.ts";
import { interrupt } from "./interrupt.ts";
import { type HostPort, portText, publishedPorts, sharedPort, wantedPorts } from "./ports.ts";
import { present } from "./present.ts";
import { type Scene } from "./scene.ts";
import { isAlive } from "./stopping.ts";

/** `depends_on.X.restart: true`: who depends on X is down while X is replaced, and comes back after it. */
export function stopRestartingDependents(scene: Scene): void {
  for (const decision of scene.decisions.values()) {
    const replaced = decision.replicas.filter(
      (replica) => replica.creation !== undefined && replica.replaces !== undefined,
    );
    if (replaced.length === 0) continue;
    const ready = present(...replaced.map((replica) => scene.marks.created.get(replica)));
    const dependents = [...scene.decisions.values()].filter(
      ({ service }) => service.depends_on?.get(decision.service.name)?.restart === true,
    );
    const stops = dependents.flatMap((dependent) => stopDependent(scene, dependent, decision.service, ready));
    for (const { replaces } of replaced) {
      if (replaces !== undefined) addTo(scene.marks.stopsFirst, replaces.id, stops);
    }
  }
}

function stopDependent(
  scene: Scene,
  { service, replicas }: Decision,
  parent: Service,
  ready: readonly number[],
): readonly number[] {
  return replicas.flatMap((replica) => {
    const container = replica.stays ?? replica.replaces;
    if (container === undefined) return [];
    const after = [...ready, ...present(scene.marks.created.get(replica))];
    interrupt(scene, container, { cause: `${parent.name} is replaced`, after, hooksOf: service });
    return present(scene.marks.stopped.get(container.id));
  });
}

/**
 * A container that is about to start may want a port that another one, which is to go, still has. Two that want the
 * same port in the end, or one that a stranger holds, is a problem, told before anything is touched.
 */
export function freePorts(scene: Scene): void {
  const final = [...scene.decisions.values()].flatMap(({ service, replicas }) =>
    replicas.map((replica) => ({ service, replica, ports: wantedPorts(service) })),
  );
  for (const [index, one] of final.entries()) {
    if (one.ports.length === 0) continue;
    for (const other of final.slice(0, index)) reportShared(scene, one, other);
    if (isStarting(scene, one.replica)) freePortsFor(scene, one);
  }
}

/** So with a fixed address in a network. Who holds it and stays keeps it: that is the engine's to refuse. */
export function freeAddresses(scene: Scene): void {
  for (const { service, replicas } of scene.decisions.values()) {
    const wanted = fixedAddresses(scene, service);
    if (wanted.length === 0) continue;
    for (const replica of replicas.filter((each) => isStarting(scene, each))) {
      for (const holder of othersAlive(replica, scene.observed.containers)) {
        const holds = wanted.some(({ network, address }) => {
          const held = holder.networks.get(network);
          return held?.address === address || held?.ipv6Address === address;
        });
        if (holds) addTo(scene.marks.freed, replica, freeHolder(scene, holder, "another container gets its address"));
      }
    }
  }
}

function fixedAddresses(
  { project }: Scene,
  { networks = new Map() }: Service,
): readonly { readonly network: string; readonly address: string }[] {
  return [...networks].flatMap(([key, endpoint]) => {
    const network = project.networks.get(key)?.name;
    const addresses = [endpoint?.ipv4_address, shortened(endpoint?.ipv6_address)];
    return addresses.flatMap((address) =>
      network === undefined || address === undefined ? [] : [{ network, address }],
    );
  });
}

/** An IPv6 address as the engine tells it; a file may say FD00:0::2 for fd00::2. */
function shortened(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(`http://[${address}]`)) return address;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function isStarting(scene: Scene, { stays }: Replica): boolean {
  return stays === undefined || !isAlive(stays) || isInterrupted(scene, stays);
}

/** Who may hold what the replica wants; what it has itself, or has from the container that it replaces, is its own. */
function othersAlive(
  { stays, replaces }: Replica,
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  return containers.filter((each) => each.id !== stays?.id && each.id !== replaces?.id && isAlive(each));
}

interface Publisher {
  readonly service: Service;
  readonly replica: Replica;
  readonly ports: ReturnType<typeof wantedPorts>;
}

function freePortsFor(scene: Scene, { service, replica, ports }: Publisher): void {
  const { observed, marks } = scene;
  for (const holder of othersAlive(replica, [...observed.containers, ...observed.strangers])) {
    const port = sharedPort(ports, publishedPorts(holder));
    if (port === undefined) continue;
    const freed = freeHolder(scene, holder, "another container gets its port");
    if (freed.length > 0) addTo(marks.freed, replica, freed);
    else reportTaken(scene, service, { holder, port });
  }
}

export function reportTaken(
  { plan, project }: Scene,
  service: Service,
  { holder, port }: { readonly holder: ObservedContainer; readonly port: HostPort },
): void {
  const own = holder.project === project.name;
  const owner = holder.project === "" || own ? "" : ` of project "${holder.project}"`;
  const isOrphan = own && !project.services.has(holder.service);
  plan.problem({
    code: "port-taken",
    message: `port ${portText(port)}, which service "${service.name}" publishes, is taken by container "${holder.name}"${owner}`,
    path: `services.${service.name}.ports`,
    hint: isOrphan
      ? "--remove-orphans removes containers of services that the file does not have"
      : "stop that container, publish another port, or let --auto-ports find one",
  });
}

/** A holder that is to be replaced is stopped early, as soon as its own successor is there. */
function freeHolder(scene: Scene, holder: ObservedContainer, cause: string): readonly number[] {
  const { marks } = scene;
  const known = present(marks.removed.get(holder.id), marks.stopped.get(holder.id)).slice(0, 1);
  if (known.length > 0) return known;
  const successor = scene.decisions.get(holder.service)?.replicas.find(({ replaces }) => replaces?.id === holder.id);
  if (successor === undefined) return [];
  const after = present(marks.created.get(successor));
  interrupt(scene, holder, { cause, after });
  return present(marks.stopped.get(holder.id));
}

function reportShared({ plan }: Scene, one: Publisher, other: Publisher): void {
  const port = sharedPort(one.ports, other.ports);
  if (port === undefined) return;
  const same = one.service === other.service;
  plan.problem({
    code: "port-twice",
    message: same
      ? `service "${one.service.name}" cannot have more than one container, because it publishes port ${portText(port)}`
      : `services "${other.service.name}" and "${one.service.name}" both publish port ${portText(port)}`,
    path: `services.${one.service.name}.ports`,
    hint: same ? "publish a range of ports, or leave the port of the host to the engine" : "publish another port",
  });
}

function isInterrupted({ marks }: Scene, container: ObservedContainer): boolean {
  return marks.interrupted.has(container.id);
}

function addTo<K>(map: Map<K, readonly number[]>, key: K, steps: readonly number[]): void {
  map.set(key, [...(map.get(key) ?? []), ...steps]);
}
