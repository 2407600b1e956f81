import type { Port, Service } from "../../model/project.ts";
import type { EngineJson } from "./json.ts";

/** "80/tcp" */
export function portKey(port: Port): string {
  return `${port.target}/${port.protocol}`;
}

/** The same target may be published several times. No published port: the engine picks one. */
export function portBindings(service: Service): EngineJson {
  const bindings = new Map<string, EngineJson[]>();
  for (const port of service.ports ?? []) {
    const list = bindings.get(portKey(port)) ?? [];
    list.push({ HostIp: port.host_ip ?? "", HostPort: port.published ?? "" });
    bindings.set(portKey(port), list);
  }
  return Object.fromEntries(bindings);
}
