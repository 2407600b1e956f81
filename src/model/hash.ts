import {
  networkDocument,
  serviceDocument,
  volumeDocument,
  type Document,
  type DocumentMap,
  type Generation,
} from "./document.ts";
import { encodeJson } from "./json-text.ts";
import type { Network, Service, Volume } from "./project.ts";
import { resolveParents } from "./references.ts";
import { sha256 } from "./sha256.ts";

export interface ServiceHashOptions {
  readonly generation: Generation;
  /** Id of the live container of a service whose network, ipc, pid or volumes this one shares. */
  readonly idOf?: (service: string) => string | undefined;
  /** DOCKER_DEFAULT_PLATFORM: what a built service without a platform is built for. */
  readonly defaultPlatform?: string | undefined;
}

/**
 * The config hash that docker compose puts on a container, byte for byte: whoever of the two tools comes second finds
 * the container up to date. What does not change the container is left out, among it the number of replicas.
 */
export function serviceHash(service: Service, options: ServiceHashOptions): string {
  const { generation, idOf, defaultPlatform } = options;
  const resolved = idOf === undefined ? service : resolveParents(service, idOf);
  const platform = service.build === undefined || service.platform ? undefined : defaultPlatform;
  const built = platform ? { ...resolved, platform } : resolved;
  return sha256(encodeJson(hashedFields(serviceDocument(built, generation))));
}

/** The hashes that docker compose 2 and 5 give; they are the same for most services. */
export function serviceHashes(service: Service, options: Omit<ServiceHashOptions, "generation">): readonly string[] {
  const v2 = serviceHash(service, { ...options, generation: "v2" });
  const v5 = serviceHash(service, { ...options, generation: "v5" });
  return v2 === v5 ? [v2] : [v2, v5];
}

export function networkHash(network: Network, generation: Generation): string {
  return sha256(encodeJson(networkDocument(network, generation)));
}

export function volumeHash(volume: Volume): string {
  return sha256(encodeJson(volumeDocument({ ...volume, driver: volume.driver || "local" })));
}

const unhashed: ReadonlySet<string> = new Set(["build", "pull_policy", "scale", "depends_on", "profiles", "env_file"]);

function hashedFields(document: DocumentMap): DocumentMap {
  const fields = new Map<string, Document>();
  for (const [key, value] of document) if (!unhashed.has(key)) fields.set(key, value);
  const deploy = fields.get("deploy");
  if (deploy instanceof Map) fields.set("deploy", new Map([...deploy].filter(([key]) => key !== "replicas")));
  return fields;
}
