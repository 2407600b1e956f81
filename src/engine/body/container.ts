import type { Service } from "../../model/project.ts";
import type { DockerConfig } from "../docker-config.ts";
import type { CreateContainer, EngineInfo } from "../engine.ts";
import { connectsManyAtOnce } from "../support.ts";
import { networkingConfig, serviceEndpoints } from "./endpoints.ts";
import { environmentList } from "./environment.ts";
import { healthcheckBody } from "./healthcheck.ts";
import { hostConfig } from "./host-config.ts";
import { exposedPorts } from "./ports.ts";

/** What the body depends on besides the request. */
export interface BodyContext {
  readonly info: Pick<EngineInfo, "api" | "endpoint" | "os" | "podman">;
  readonly config: Pick<DockerConfig, "proxies">;
  /** Contents of the seccomp files that `security_opt` names. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** An object as the engine takes it; fields without a value are left out when it is sent. */
export type Body = Readonly<Record<string, unknown>>;

/** The body of POST /containers/create: one line for each field, in the engine's words. */
export function containerBody(request: CreateContainer, context: BodyContext): Body {
  const { service, oneOff } = request;
  const interactive = oneOff?.interactive === true;
  return {
    Image: request.image,
    Cmd: service.command,
    Entrypoint: service.entrypoint,
    Env: environmentList(service, context),
    Labels: Object.fromEntries(request.labels),
    Hostname: service.hostname,
    Domainname: service.domainname,
    User: service.user,
    WorkingDir: service.working_dir,
    ExposedPorts: exposedPorts(service),
    Healthcheck: healthcheckBody(service.healthcheck, context.info),
    Tty: service.tty === true,
    OpenStdin: service.stdin_open === true || interactive,
    StdinOnce: interactive,
    AttachStdin: interactive,
    AttachStdout: true,
    AttachStderr: true,
    StopSignal: service.stop_signal,
    StopTimeout: wholeSeconds(service.stop_grace_period) ?? usualGrace(context.info),
    NetworkDisabled: service.network_mode === "disabled" ? true : undefined,
    MacAddress: containerMacAddress(request, context),
    HostConfig: hostConfig(request, context),
    NetworkingConfig: networkingConfig(request, context.info),
  };
}

function wholeSeconds(milliseconds: Service["stop_grace_period"]): number | undefined {
  return milliseconds === undefined ? undefined : Math.trunc(milliseconds / 1000);
}

/** Asked for nothing, podman gives a container no time at all to stop in. */
function usualGrace({ podman }: BodyContext["info"]): number | undefined {
  return podman === true ? 10 : undefined;
}

/** Since engine 25 the address belongs to an endpoint; before, the container has the one of its first network. */
function containerMacAddress(request: CreateContainer, { info }: BodyContext): string | undefined {
  if (connectsManyAtOnce(info)) return undefined;
  const { service } = request;
  const [primary] = service.network_mode === undefined ? serviceEndpoints(request, info) : [];
  return primary?.macAddress ?? service.mac_address;
}
