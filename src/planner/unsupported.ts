import type { EngineFacts } from "../model/observed.ts";
import type { FileMount, Project, Service } from "../model/project.ts";

/** What this engine cannot do of a project: errors stop it before anything is changed, warnings are said once. */
export interface Unsupported {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

interface Feature {
  /** The API version, 1.N, that brought it, and the engine's release for people. */
  readonly minor: number;
  readonly release: string;
  readonly severity: "error" | "warning";
  readonly uses: (service: Service) => boolean;
  readonly what: string;
}

const features: readonly Feature[] = [
  error(44, "25.0", "healthcheck.start_interval", ({ healthcheck }) => healthcheck?.start_interval !== undefined),
  error(44, "25.0", "mac_address on several networks", (service) => networksWith(service, "mac_address") > 1),
  error(45, "26.0", "volumes[].volume.subpath", ({ volumes }) =>
    some(volumes, (volume) => volume.volume?.subpath !== undefined),
  ),
  error(48, "28.0", "volumes[].type: image", ({ volumes }) => some(volumes, (volume) => volume.type === "image")),
  error(49, "28.1", "networks.*.interface_name", (service) => networksWith(service, "interface_name") > 0),
  error(44, "25.0", "volumes[].bind.recursive", ({ volumes }) =>
    some(volumes, ({ bind }) => bind?.recursive === "writable" || bind?.recursive === "readonly"),
  ),
  warning(43, "24.0", "annotations", ({ annotations }) => annotations !== undefined),
  warning(48, "28.0", "networks.*.gw_priority", (service) => networksWith(service, "gw_priority") > 0),
  warning(41, "20.10", "platform", ({ platform }) => platform !== undefined),
  warning(41, "20.10", "cgroup", ({ cgroup }) => cgroup !== undefined),
];

/** Attributes that one engine, without a cluster, has no use for; said, because they look as if they did something. */
const withoutEffect: readonly (readonly [string, (service: Service, project: Project) => boolean])[] = [
  ["deploy.placement", ({ deploy }) => deploy?.placement !== undefined && Object.keys(deploy.placement).length > 0],
  ["deploy.endpoint_mode", ({ deploy }) => deploy?.endpoint_mode !== undefined],
  ["deploy.resources.reservations.cpus", ({ deploy }) => deploy?.resources?.reservations?.cpus !== undefined],
  [
    "deploy.resources.reservations.generic_resources",
    ({ deploy }) => deploy?.resources?.reservations?.generic_resources !== undefined,
  ],
  ["uid, gid and mode of a secret or config that is a file", ownsFiles],
];

export function unsupported(project: Project, engine: Omit<EngineFacts, "swarm">): Unsupported {
  const services = [...project.services.values()];
  const said = (severity: "error" | "warning"): string[] =>
    features
      .filter((feature) => feature.severity === severity && before(engine.api, feature.minor))
      .flatMap((feature) => describe(feature, services.filter(feature.uses), engine.version));
  const warnings = [...said("warning"), ...ineffective(project, services), ...forWindows(services, engine)];
  return { errors: said("error"), warnings };
}

function before([major, minor]: EngineFacts["api"], wanted: number): boolean {
  return major < 1 || (major === 1 && minor < wanted);
}

function describe(feature: Feature, users: readonly Service[], version: string): string[] {
  if (users.length === 0) return [];
  const outcome = feature.severity === "error" ? "needs" : "has no effect before";
  return [`${feature.what} of ${names(users)} ${outcome} engine ${feature.release} (this one is ${version})`];
}

function ineffective(project: Project, services: readonly Service[]): string[] {
  return withoutEffect.flatMap(([what, uses]) => {
    const users = services.filter((service) => uses(service, project));
    return users.length === 0 ? [] : [`${what} has no effect on a single engine (${names(users)})`];
  });
}

function forWindows(services: readonly Service[], { os }: Pick<EngineFacts, "os">): string[] {
  const users = services.filter(({ credential_spec }) => credential_spec !== undefined);
  return os === "windows" || users.length === 0
    ? []
    : [`credential_spec has no effect on an engine for ${os} (${names(users)})`];
}

/** Files are mounted as they are; only what is copied into the container can have an owner of its own. */
function ownsFiles(service: Service, project: Project): boolean {
  const owned = ({ uid, gid, mode }: FileMount): boolean =>
    uid !== undefined || gid !== undefined || mode !== undefined;
  return (
    some(service.secrets, (mount) => owned(mount) && project.secrets.get(mount.source)?.file !== undefined) ||
    some(service.configs, (mount) => owned(mount) && project.configs.get(mount.source)?.file !== undefined)
  );
}

function names(services: readonly Service[]): string {
  const quoted = services.map((service) => `"${service.name}"`);
  return `${quoted.length === 1 ? "service" : "services"} ${quoted.join(", ")}`;
}

function networksWith(service: Service, setting: "mac_address" | "interface_name" | "gw_priority"): number {
  return [...(service.networks?.values() ?? [])].filter((network) => network?.[setting] !== undefined).length;
}

function some<T>(list: readonly T[] | undefined, test: (item: T) => boolean): boolean {
  return list?.some(test) === true;
}

function error(minor: number, release: string, what: string, uses: Feature["uses"]): Feature {
  return { severity: "error", minor, release, what, uses };
}

function warning(minor: number, release: string, what: string, uses: Feature["uses"]): Feature {
  return { severity: "warning", minor, release, what, uses };
}
