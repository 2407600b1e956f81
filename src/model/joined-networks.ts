import type { Project, Service, ServiceNetwork } from "./project.ts";

/** The networks of a service's containers. A mode that says nothing leaves it the project's default network, if there is one. */
export function joinedNetworks(
  { networks }: Pick<Project, "networks">,
  service: Service,
): ReadonlyMap<string, ServiceNetwork | null> {
  if (service.network_mode !== undefined && service.network_mode !== "") return new Map();
  return service.networks ?? (networks.has("default") ? new Map([["default", null]]) : new Map());
}
