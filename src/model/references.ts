import type { Service } from "./project.ts";

/** Services whose container a service is tied to by id: it cannot outlive that container. */
export function parentsOf(service: Service): readonly string[] {
  const sources = (service.volumes_from ?? []).flatMap((entry) => volumeSource(entry));
  return [...new Set([...namespaceParents(service), ...sources])];
}

/** Services in whose namespaces this one runs: those end with the process that has them. */
export function namespaceParents(service: Service): readonly string[] {
  return [service.network_mode, service.ipc, service.pid].flatMap((mode) => serviceOf(mode));
}

/** Services that `links` names; an entry is "service" or "service:alias". */
export function linkedServices(service: Service): readonly string[] {
  return [...new Set((service.links ?? []).map((entry) => beforeColon(entry)))];
}

/**
 * The service with ids in place of names, as docker compose hashes it: a parent that was replaced changes the hash.
 * The mode of a `volumes_from` entry is dropped for the same reason.
 */
export function resolveParents(service: Service, idOf: (name: string) => string | undefined): Service {
  const { network_mode, ipc, pid, volumes_from } = service;
  const space = (mode: string): string => {
    const [parent] = serviceOf(mode);
    const id = parent === undefined ? undefined : idOf(parent);
    return id === undefined ? mode : `container:${id}`;
  };
  return {
    ...service,
    ...(network_mode !== undefined && { network_mode: space(network_mode) }),
    ...(ipc !== undefined && { ipc: space(ipc) }),
    ...(pid !== undefined && { pid: space(pid) }),
    ...(volumes_from !== undefined && { volumes_from: volumes_from.map((entry) => resolveSource(entry, idOf)) }),
  };
}

function resolveSource(entry: string, idOf: (name: string) => string | undefined): string {
  const [parent] = volumeSource(entry);
  if (parent !== undefined) return idOf(parent) ?? entry;
  // "container:name:ro" → "name"
  return beforeColon(entry.slice("container:".length));
}

function serviceOf(mode: string | undefined): readonly string[] {
  return mode?.startsWith("service:") === true ? [mode.slice("service:".length)] : [];
}

function volumeSource(entry: string): readonly string[] {
  return entry.startsWith("container:") ? [] : [beforeColon(entry)];
}

function beforeColon(text: string): string {
  return text.split(":", 1)[0] ?? text;
}
