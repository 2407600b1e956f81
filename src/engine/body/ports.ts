import type { Port, Service } from "../../model/project.ts";
import type { Body } from "./container.ts";

/** What is published is exposed, too. */
export function exposedPorts(service: Service): Body | undefined {
  const all = [...(service.expose ?? []), ...(service.ports ?? []).map(portKey)];
  return all.length === 0 ? undefined : Object.fromEntries(all.map((port) => [port, {}]));
}

/** The same target may be published several times. No published port: the engine picks one. */
export function portBindings(service: Service): Body | undefined {
  const bindings = new Map<string, Body[]>();
  for (const port of service.ports ?? []) {
    const list = bindings.get(portKey(port)) ?? [];
    list.push({ HostIp: port.host_ip ?? "", HostPort: port.published ?? "" });
    bindings.set(portKey(port), list);
  }
  return bindings.size === 0 ? undefined : Object.fromEntries(bindings);
}

/** "80/tcp" */
function portKey(port: Port): string {
  return `${port.target}/${port.protocol}`;
}
