import { UsageError } from "../model/error.ts";
import type { FileObject, Project, Service } from "../model/project.ts";
import { nearest } from "../model/suggest.ts";
import type { ActionContext } from "./context.ts";

export interface Preparation {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly scale: ReadonlyMap<string, number>;
  /** Leave out what the named services depend on. */
  readonly noDeps?: boolean;
  /** False: only the images matter, so no env file need be there. */
  readonly resolveEnvironment?: boolean;
}

/** The project as it is to be brought up: selected, scaled, with what the environment of this command adds to it. */
export async function preparedProject(context: ActionContext, preparation: Preparation): Promise<Project> {
  const { services, noDeps = false, scale, resolveEnvironment = true } = preparation;
  const project = await context.project({
    ...(services.length > 0 && { select: { services, dependencies: !noDeps } }),
    ...(!resolveEnvironment && { resolveEnvironment }),
  });
  const built = withDefaultPlatform(withScale(project, scale));
  return usesSocket(built) ? withApiSocket(built, await credentials(context)) : built;
}

function withScale(project: Project, scale: ReadonlyMap<string, number>): Project {
  for (const name of scale.keys()) {
    if (project.services.has(name)) continue;
    const similar = nearest(name, [...project.services.keys()]);
    throw new UsageError(`no such service: ${name}`, similar === undefined ? undefined : `did you mean "${similar}"?`);
  }
  return mapServices(project, (service) => {
    const wanted = scale.get(service.name);
    return wanted === undefined ? service : { ...service, scale: wanted };
  });
}

/** What is built here is built for this platform, and then also runs on it. */
function withDefaultPlatform(project: Project): Project {
  const platform = project.environment.get("DOCKER_DEFAULT_PLATFORM") ?? "";
  if (platform === "") return project;
  return mapServices(project, (service) =>
    service.build === undefined || service.platform !== undefined ? service : { ...service, platform },
  );
}

const socketPath = "/var/run/docker.sock";
const configDirectory = "/run/secrets/docker";
/** docker compose's name for it; part of the container's hash. */
const socketConfig = "#apisocket";

function usesSocket(project: Project): boolean {
  return [...project.services.values()].some(({ use_api_socket }) => use_api_socket === true);
}

/** `use_api_socket`: the engine's socket, and this user's registry credentials to go with it. */
function withApiSocket(project: Project, credentials: string): Project {
  const object: FileObject = { key: socketConfig, name: socketConfig, content: credentials };
  const withSocket = mapServices(project, (service) =>
    service.use_api_socket === true ? addSocket(service) : service,
  );
  return { ...withSocket, configs: new Map([...project.configs, [socketConfig, object]]) };
}

function addSocket(service: Service): Service {
  const environment = new Map<string, string | null>([
    ["DOCKER_CONFIG", configDirectory],
    ...(service.environment ?? []),
  ]);
  return {
    ...service,
    environment,
    volumes: [...(service.volumes ?? []), { type: "bind", source: socketPath, target: socketPath }],
    configs: [...(service.configs ?? []), { source: socketConfig, target: `${configDirectory}/config.json` }],
  };
}

async function credentials({ source }: ActionContext): Promise<string> {
  const { readDockerConfig } = await import("../engine/docker-config.ts");
  const { portableConfig } = await import("../engine/auth.ts");
  return portableConfig(readDockerConfig(source.environment));
}

function mapServices(project: Project, change: (service: Service) => Service): Project {
  return { ...project, services: new Map([...project.services].map(([name, each]) => [name, change(each)])) };
}
