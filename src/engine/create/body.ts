import type { Healthcheck, Service } from "../../model/project.ts";
import { before } from "../api-version.ts";
import type { DockerConfig } from "../docker-config.ts";
import type { CreateContainer, EngineInfo } from "../engine.ts";
import { hostConfig } from "./host-config.ts";
import type { EngineJson } from "./json.ts";
import { endpoints, primaryNetwork } from "./network.ts";
import { portKey } from "./ports.ts";
import { proxyVariables } from "./proxy.ts";

export interface CreateFacts {
  readonly info: EngineInfo;
  readonly config: DockerConfig;
}

export interface ContainerBody {
  readonly body: EngineJson;
  /** For ?platform=. */
  readonly platform: string | undefined;
}

/** The body of POST /containers/create. One line per attribute; what an older engine lacks is left out here. */
export async function containerBody(request: CreateContainer, facts: CreateFacts): Promise<ContainerBody> {
  const { service, oneOff } = request;
  const interactive = oneOff?.interactive === true;
  const body = {
    Hostname: service.hostname,
    Domainname: service.domainname,
    User: service.user,
    AttachStdin: interactive,
    AttachStdout: true,
    AttachStderr: true,
    Tty: service.tty === true,
    OpenStdin: service.stdin_open === true,
    StdinOnce: interactive,
    Env: environment(service, facts.config),
    Cmd: service.command ?? null,
    Entrypoint: service.entrypoint ?? null,
    Healthcheck: healthcheck(service.healthcheck, facts.info),
    Image: request.image,
    WorkingDir: service.working_dir,
    Labels: Object.fromEntries(request.labels),
    StopSignal: service.stop_signal,
    StopTimeout: service.stop_grace_period === undefined ? undefined : Math.floor(service.stop_grace_period / 1000),
    ExposedPorts: exposedPorts(service),
    MacAddress: before(facts.info, 44) ? onlyMacAddress(service) : undefined,
    NetworkDisabled: service.network_mode === "disabled" ? true : undefined,
    HostConfig: await hostConfig(request, facts.info),
    NetworkingConfig: endpoints(request, facts.info),
  };
  return { body, platform: service.platform };
}

/** Proxies of the docker config first: what the file says wins. A name without a value removes the image's variable. */
function environment(service: Service, config: DockerConfig): readonly string[] {
  const all = new Map<string, string | null>([...proxyVariables(config), ...(service.environment ?? [])]);
  return [...all].map(([name, value]) => (value === null ? name : `${name}=${value}`));
}

function healthcheck(check: Healthcheck | undefined, info: EngineInfo): EngineJson | undefined {
  if (check === undefined) return undefined;
  return {
    Test: check.disable === true ? ["NONE"] : check.test,
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    StartPeriod: nanoseconds(check.start_period),
    StartInterval: before(info, 44) ? undefined : nanoseconds(check.start_interval),
    Retries: check.retries,
  };
}

function nanoseconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 1e6);
}

function exposedPorts(service: Service): EngineJson {
  const published = (service.ports ?? []).map(portKey);
  return Object.fromEntries([...(service.expose ?? []), ...published].map((port) => [port, {}]));
}

/** Engines before 25 know one address for the whole container. */
function onlyMacAddress(service: Service): string | undefined {
  const primary = primaryNetwork(service);
  return (primary === undefined ? undefined : service.networks?.get(primary)?.mac_address) ?? service.mac_address;
}
