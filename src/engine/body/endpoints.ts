import { joinedNetworks } from "../../model/joined-networks.ts";
import type { ServiceNetwork } from "../../model/project.ts";
import type { CreateContainer, EngineInfo } from "../engine.ts";
import { connectsManyAtOnce, hasApi } from "../support.ts";
import type { Body } from "./container.ts";
import { linkList } from "./links.ts";
import { namespaceMode } from "./references.ts";

type Request = Pick<CreateContainer, "project" | "service" | "finalName" | "labels" | "references" | "oneOff">;
type Info = Pick<EngineInfo, "api">;

export interface ServiceEndpoint {
  /** Of the network in the project. */
  readonly key: string;
  /** The network's real name. */
  readonly network: string;
  readonly macAddress: string | undefined;
  readonly settings: Body;
}

/** The first network is the one that a container starts on. */
export function networkMode(request: Request, info: Info): string | undefined {
  const mode = request.service.network_mode;
  if (mode === "disabled") return undefined;
  if (mode !== undefined && mode !== "") return namespaceMode(mode, request);
  return serviceEndpoints(request, info)[0]?.network ?? "none";
}

/** Older engines take one network here; the others are connected before the container starts. */
export function networkingConfig(request: Request, info: Info): Body | undefined {
  const endpoints = [...serviceEndpoints(request, info), ...modeEndpoint(request, info)];
  const atOnce = connectsManyAtOnce(info) ? endpoints : endpoints.slice(0, 1);
  if (atOnce.length === 0) return undefined;
  return { EndpointsConfig: Object.fromEntries(atOnce.map(({ network, settings }) => [network, settings])) };
}

/** `network_mode: bridge`: an endpoint that nobody lists under `networks`, and whose address may be given all the same. */
function modeEndpoint({ service }: Request, info: Info): Pick<ServiceEndpoint, "network" | "settings">[] {
  const { network_mode: mode = "", mac_address } = service;
  const hasNone = mode === "" || mode === "disabled" || /^(host|none|(container|service):.*)$/.test(mode);
  if (hasNone || mac_address === undefined || !connectsManyAtOnce(info)) return [];
  return [{ network: mode, settings: { MacAddress: mac_address } }];
}

/** Networks with a higher priority come first, those with the same by name. */
export function serviceEndpoints(request: Request, info: Info): ServiceEndpoint[] {
  const { service, project } = request;
  const ordered = [...joinedNetworks(project, service)].sort(
    ([a, first], [b, second]) => (second?.priority ?? 0) - (first?.priority ?? 0) || (a < b ? -1 : 1),
  );
  return ordered.map(([key, options], index) => {
    const macAddress = options?.mac_address ?? (index === 0 ? service.mac_address : undefined);
    const settings = endpointSettings(options, { request, info, macAddress });
    return { key, network: project.networks.get(key)?.name ?? key, macAddress, settings };
  });
}

function endpointSettings(
  options: ServiceNetwork | null,
  { request, info, macAddress }: { request: Request; info: Info; macAddress: string | undefined },
): Body {
  return {
    Aliases: aliases(request, options),
    Links: linkList(request),
    IPAMConfig: options === null ? undefined : addresses(options),
    IPAddress: options?.ipv4_address,
    MacAddress: hasApi(info, "1.44") ? macAddress : undefined,
    DriverOpts: driverOptions(options, info),
    GwPriority: hasApi(info, "1.48") ? options?.gw_priority : undefined,
  };
}

/** The name in the end, even while the container has a temporary one; a one-off must not answer for its service. */
function aliases({ service, finalName, oneOff }: Request, options: ServiceNetwork | null): string[] {
  if (oneOff !== undefined && !oneOff.useAliases) return [finalName];
  return [finalName, service.name, ...(options?.aliases ?? [])];
}

function addresses(options: ServiceNetwork): Body {
  return {
    IPv4Address: options.ipv4_address,
    IPv6Address: options.ipv6_address,
    LinkLocalIPs: options.link_local_ips,
  };
}

const interfaceName = "com.docker.network.endpoint.ifname";

function driverOptions(options: ServiceNetwork | null, info: Info): Body | undefined {
  const given = options?.driver_opts;
  const name = hasApi(info, "1.49") ? options?.interface_name : undefined;
  if (given === undefined && name === undefined) return undefined;
  return { ...Object.fromEntries(given ?? []), ...(name !== undefined && { [interfaceName]: name }) };
}
