import type { Service, Ulimit } from "../../model/project.ts";
import { before } from "../api-version.ts";
import type { CreateContainer, EngineInfo } from "../engine.ts";
import { deviceMappings, deviceRequests } from "./devices.ts";
import { type EngineJson, object } from "./json.ts";
import { mounts } from "./mounts.ts";
import { externalLinks, networkMode, serviceLinks } from "./network.ts";
import { portBindings } from "./ports.ts";
import { namespace, volumesFrom } from "./references.ts";
import { resources } from "./resources.ts";
import { securityOptions } from "./security.ts";

export async function hostConfig(request: CreateContainer, info: EngineInfo): Promise<EngineJson> {
  const { service, oneOff } = request;
  return {
    ...mounts(request),
    ...resources(service),
    ...(await securityOptions(service, request.project.workingDir)),
    Annotations: before(info, 43) ? undefined : object(service.annotations),
    AutoRemove: oneOff?.autoRemove === true ? true : undefined,
    CapAdd: service.cap_add,
    CapDrop: service.cap_drop,
    CgroupnsMode: service.cgroup,
    CgroupParent: service.cgroup_parent,
    DeviceCgroupRules: service.device_cgroup_rules,
    DeviceRequests: deviceRequests(service),
    Devices: deviceMappings(service),
    Dns: service.dns,
    DnsOptions: service.dns_opt,
    DnsSearch: service.dns_search,
    ExtraHosts: extraHosts(service),
    GroupAdd: service.group_add,
    Init: service.init,
    IpcMode: namespace(service.ipc, request),
    Isolation: service.isolation,
    Links: [...serviceLinks(request), ...externalLinks(service)],
    LogConfig: logConfig(service),
    NetworkMode: networkMode(request),
    PidMode: namespace(service.pid, request),
    PortBindings: portBindings(service),
    Privileged: service.privileged,
    ReadonlyRootfs: service.read_only,
    RestartPolicy: oneOff === undefined ? restartPolicy(service) : undefined,
    Runtime: service.runtime,
    StorageOpt: object(service.storage_opt),
    Sysctls: object(service.sysctls),
    Tmpfs: tmpfs(service),
    Ulimits: ulimits(service.ulimits),
    UsernsMode: service.userns_mode,
    UTSMode: namespace(service.uts, request),
    VolumesFrom: volumesFrom(request),
  };
}

function extraHosts(service: Service): readonly string[] | undefined {
  if (service.extra_hosts === undefined) return undefined;
  return [...service.extra_hosts].flatMap(([host, addresses]) => addresses.map((address) => `${host}:${address}`));
}

function logConfig({ logging }: Service): EngineJson | undefined {
  return logging === undefined ? undefined : { Type: logging.driver ?? "", Config: object(logging.options) ?? {} };
}

/** deploy.restart_policy replaces `restart` altogether. */
function restartPolicy(service: Service): EngineJson | undefined {
  const policy = service.deploy?.restart_policy;
  if (policy !== undefined) {
    return { Name: policyName(policy.condition ?? ""), MaximumRetryCount: policy.max_attempts ?? 0 };
  }
  if (service.restart === undefined) return undefined;
  const [name = "", count = "0"] = service.restart.split(":", 2);
  return { Name: policyName(name), MaximumRetryCount: Number(count) };
}

function policyName(name: string): string {
  return name === "none" ? "no" : name === "any" ? "always" : name;
}

/** "/run:size=64m" → { "/run": "size=64m" } */
function tmpfs(service: Service): EngineJson | undefined {
  if (service.tmpfs === undefined) return undefined;
  return Object.fromEntries(
    service.tmpfs.map((entry) => {
      const colon = entry.indexOf(":");
      return colon < 0 ? [entry, ""] : [entry.slice(0, colon), entry.slice(colon + 1)];
    }),
  );
}

function ulimits(limits: ReadonlyMap<string, Ulimit> | undefined): readonly EngineJson[] | undefined {
  if (limits === undefined) return undefined;
  return [...limits].map(([name, limit]) =>
    typeof limit === "number"
      ? { Name: name, Soft: limit, Hard: limit }
      : { Name: name, Soft: limit.soft, Hard: limit.hard },
  );
}
