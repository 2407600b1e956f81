import type { Service } from "../../model/project.ts";
import type { CreateContainer } from "../engine.ts";
import { hasApi } from "../support.ts";
import type { Body, BodyContext } from "./container.ts";
import { deviceFields } from "./devices.ts";
import { networkMode } from "./endpoints.ts";
import { linkList } from "./links.ts";
import { bindsAndMounts } from "./mounts.ts";
import { portBindings } from "./ports.ts";
import { record } from "./record.ts";
import { namespaceMode, volumesFrom } from "./references.ts";
import { resourceFields } from "./resources.ts";
import { restartPolicy } from "./restart-policy.ts";
import { securityFields } from "./security.ts";

/** Everything about a container that depends on the machine it runs on. */
export function hostConfig(request: CreateContainer, { info, profiles }: BodyContext): Body {
  const { service, oneOff } = request;
  return {
    Annotations: hasApi(info, "1.43") ? record(service.annotations) : undefined,
    AutoRemove: oneOff?.autoRemove === true ? true : undefined,
    // So that even the first thing the command does sees the size of the window.
    ConsoleSize: oneOff?.size === undefined ? undefined : [oneOff.size.rows, oneOff.size.columns],
    CapAdd: service.cap_add?.map(capability),
    CapDrop: service.cap_drop?.map(capability),
    CgroupnsMode: hasApi(info, "1.41") ? service.cgroup : undefined,
    CgroupParent: service.cgroup_parent,
    Dns: service.dns,
    DnsOptions: service.dns_opt,
    DnsSearch: service.dns_search,
    ExtraHosts: extraHosts(service),
    GroupAdd: service.group_add,
    Init: service.init,
    IpcMode: namespaceMode(service.ipc, request),
    Isolation: service.isolation,
    Links: linkList(request),
    LogConfig: logConfig(service),
    NetworkMode: networkMode(request, info),
    PidMode: namespaceMode(service.pid, request),
    PortBindings: portBindings(service),
    Privileged: service.privileged,
    ReadonlyRootfs: service.read_only,
    // Whoever runs a command once does not want it again.
    RestartPolicy: oneOff === undefined ? restartPolicy(service) : undefined,
    Runtime: service.runtime,
    StorageOpt: record(service.storage_opt),
    Sysctls: record(service.sysctls),
    Tmpfs: tmpfs(service),
    UsernsMode: service.userns_mode,
    // No engine shares it between containers; a service here only says what comes first.
    UTSMode: service.uts,
    VolumesFrom: volumesFrom(request),
    ...bindsAndMounts(request, info),
    ...deviceFields(service),
    ...resourceFields(service),
    ...securityFields(service, profiles, info),
  };
}

function extraHosts(service: Service): string[] | undefined {
  if (service.extra_hosts === undefined) return undefined;
  return [...service.extra_hosts].flatMap(([host, addresses]) => addresses.map((address) => `${host}:${address}`));
}

function logConfig({ logging }: Service): Body | undefined {
  return logging === undefined ? undefined : { Type: logging.driver ?? "", Config: record(logging.options) ?? {} };
}

/** "/run:size=64m" → { "/run": "size=64m" } */
function tmpfs(service: Service): Body | undefined {
  if (service.tmpfs === undefined) return undefined;
  const split = service.tmpfs.map((entry): [string, string] => {
    const colon = entry.indexOf(":");
    return colon < 0 ? [entry, ""] : [entry.slice(0, colon), entry.slice(colon + 1)];
  });
  return Object.fromEntries(split);
}

/** "net_admin" → "CAP_NET_ADMIN", as the docker CLI sends it, so that both ways of writing it make the same container. */
function capability(name: string): string {
  const upper = name.toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}
