import type { Service, ServiceNetwork } from "../../model/project.ts";
import { before } from "../api-version.ts";
import type { CreateContainer, EngineInfo } from "../engine.ts";
import { type EngineJson, object } from "./json.ts";
import { namespace } from "./references.ts";

const interfaceNameOption = "com.docker.network.endpoint.ifname";

/** Keys of a service's networks: highest priority first, then by name. The first is the primary one. */
export function networkOrder(service: Service): readonly string[] {
  const networks = [...(service.networks ?? [])];
  return networks
    .toSorted(([a, x], [b, y]) => (y?.priority ?? 0) - (x?.priority ?? 0) || (a < b ? -1 : 1))
    .map(([key]) => key);
}

export function primaryNetwork(service: Service): string | undefined {
  return networkOrder(service)[0];
}

export function networkMode(request: CreateContainer): string | undefined {
  const { service } = request;
  if (service.network_mode === "disabled") return undefined;
  if (service.network_mode !== undefined) return namespace(service.network_mode, request);
  const primary = primaryNetwork(service);
  return primary === undefined ? "none" : networkName(primary, request);
}

function networkName(key: string, { project }: Pick<CreateContainer, "project">): string {
  return project.networks.get(key)?.name ?? key;
}

/** Engines before 25 take one network here; the others are connected before the container starts. */
export function endpoints(request: CreateContainer, info: EngineInfo): EngineJson | undefined {
  const { service } = request;
  if (service.network_mode !== undefined) return undefined;
  const keys = networkOrder(service);
  const now = before(info, 44) ? keys.slice(0, 1) : keys;
  const config = now.map((key) => [networkName(key, request), endpoint(key, request, info)]);
  return { EndpointsConfig: Object.fromEntries(config) };
}

/** Networks that `endpoints` left out for an older engine. */
export function laterNetworks(service: Service, info: EngineInfo): readonly string[] {
  return service.network_mode === undefined && before(info, 44) ? networkOrder(service).slice(1) : [];
}

type EndpointRequest = Pick<CreateContainer, "project" | "service" | "finalName" | "references" | "oneOff">;

export function endpoint(key: string, request: EndpointRequest, info: EngineInfo): EngineJson {
  const { service } = request;
  const settings = service.networks?.get(key) ?? undefined;
  const mac = settings?.mac_address ?? (key === primaryNetwork(service) ? service.mac_address : undefined);
  return {
    Aliases: aliases(settings, request),
    IPAMConfig: settings === undefined ? undefined : addresses(settings),
    IPAddress: settings?.ipv4_address,
    MacAddress: before(info, 44) ? undefined : mac,
    DriverOpts: driverOptions(settings),
    GwPriority: before(info, 48) ? undefined : settings?.gw_priority,
    Links: [...serviceLinks(request), ...externalLinks(service)],
  };
}

/** A one-off must not answer to its service's name, unless that is asked for. */
function aliases(
  settings: ServiceNetwork | undefined,
  { service, finalName, oneOff }: EndpointRequest,
): readonly string[] {
  if (oneOff !== undefined && !oneOff.useAliases) return [finalName];
  return [...new Set([finalName, service.name, ...(settings?.aliases ?? [])])];
}

function addresses(settings: ServiceNetwork): EngineJson {
  return {
    IPv4Address: settings.ipv4_address,
    IPv6Address: settings.ipv6_address,
    LinkLocalIPs: settings.link_local_ips,
  };
}

function driverOptions(settings: ServiceNetwork | undefined): EngineJson | undefined {
  const options = object(settings?.driver_opts);
  return settings?.interface_name === undefined
    ? options
    : { ...options, [interfaceNameOption]: settings.interface_name };
}

/** "container:alias" for each name under which a linked service's containers are to be found. */
export function serviceLinks({
  service,
  project,
  references,
}: Pick<CreateContainer, "service" | "project" | "references">): readonly string[] {
  return (service.links ?? []).flatMap((link) => {
    const [target = "", alias = target] = link.split(":", 2);
    return (references.get(target) ?? []).flatMap(({ name, number }) => {
      const short = [target, String(number ?? 1)].join(project.separator);
      return [...new Set([alias, target, short, [project.name, short].join(project.separator)])].map(
        (each) => `${name}:${each}`,
      );
    });
  });
}

export function externalLinks(service: Service): readonly string[] {
  return (service.external_links ?? []).map((link) => (link.includes(":") ? link : `${link}:${link}`));
}
