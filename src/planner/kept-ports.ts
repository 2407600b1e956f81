import { portsLabel } from "../model/labels.ts";
import { desiredScale } from "../model/names.ts";
import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import type { Project, Service } from "../model/project.ts";

/**
 * The project with the host ports that `--auto-ports` once gave to its containers: who brings it up again without the
 * flag wants the same containers, as long as they are there and the file prefers the same ports as then.
 */
export function withKeptPorts(project: Project, observed: ObservedState, oneOff: string | undefined): Project {
  const moved = observed.containers.filter(({ labels, oneOff }) => !oneOff && labels.has(portsLabel));
  if (moved.length === 0) return project;
  const services = [...project.services].map(([name, service]): [string, Service] => {
    const container = moved.find((each) => each.service === name);
    const isKept = container !== undefined && name !== oneOff && desiredScale(service) === 1;
    return [name, isKept ? withPorts(service, movedPorts(container)) : service];
  });
  return { ...project, services: new Map(services) };
}

/** "8080/tcp", as the file prefers it → what the container has instead. */
export function movedPorts({ labels }: ObservedContainer): ReadonlyMap<string, number> {
  const moves = (labels.get(portsLabel) ?? "").split(",").map((each) => each.split("="));
  return new Map(moves.flatMap(([from = "", to]) => (to === undefined ? [] : [[from, Number(to)] as const])));
}

/** The service with these of its ports moved, and a label that remembers it. */
export function withPorts(service: Service, moved: ReadonlyMap<string, number>): Service {
  const used: string[] = [];
  const ports = service.ports?.map((port) => {
    const from = `${port.published ?? ""}/${port.protocol}`;
    const to = moved.get(from);
    if (to === undefined) return port;
    used.push(`${from}=${to}`);
    return { ...port, published: String(to) };
  });
  if (ports === undefined || used.length === 0) return service;
  return { ...service, ports, labels: new Map([...(service.labels ?? []), [portsLabel, used.join(",")]]) };
}
