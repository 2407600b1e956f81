import type { Service, StringMap } from "../../model/project.ts";

/** `use_api_socket`: the engine itself, inside of the container. */
export const apiSocket = "/var/run/docker.sock";

/** Where the registry credentials lie that such a container gets. */
export const apiConfigFolder = "/run/secrets/docker";

export function apiSocketVariables(service: Service): StringMap {
  if (service.use_api_socket !== true || service.environment?.has("DOCKER_CONFIG") === true) return new Map();
  return new Map([["DOCKER_CONFIG", apiConfigFolder]]);
}
