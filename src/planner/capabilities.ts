import type { EngineFacts } from "../model/observed.ts";
import type { Project, Service, ServiceNetwork } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";

type Api = readonly [number, number];

interface Capability {
  /** In the words of the Compose file. */
  readonly attribute: string;
  readonly since: Api;
  /** The engine release that brought it, for people. */
  readonly release: string;
  /** Without it the service would not be what the file says: "problem"; it would merely lack something: "warning". */
  readonly severity: "problem" | "warning";
  readonly used: (service: Service) => boolean;
}

const capabilities: readonly Capability[] = [
  {
    attribute: "platform",
    since: [1, 41],
    release: "20.10",
    severity: "warning",
    used: (service) => service.platform !== undefined,
  },
  {
    attribute: "cgroup",
    since: [1, 41],
    release: "20.10",
    severity: "warning",
    used: (service) => service.cgroup !== undefined,
  },
  {
    attribute: "annotations",
    since: [1, 43],
    release: "24",
    severity: "warning",
    used: (service) => service.annotations !== undefined,
  },
  {
    attribute: "healthcheck.start_interval",
    since: [1, 44],
    release: "25",
    severity: "problem",
    used: (service) => service.healthcheck?.start_interval !== undefined,
  },
  {
    attribute: "mac_address on several networks",
    since: [1, 44],
    release: "25",
    severity: "problem",
    used: (service) => macAddresses(service) > 1,
  },
  {
    attribute: "bind.recursive",
    since: [1, 44],
    release: "25",
    severity: "problem",
    used: (service) => recursiveModes(service).some((mode) => mode === "writable" || mode === "readonly"),
  },
  {
    attribute: "bind.recursive",
    since: [1, 40],
    release: "19.03",
    severity: "problem",
    used: (service) => recursiveModes(service).includes("disabled"),
  },
  {
    attribute: "volume.subpath",
    since: [1, 45],
    release: "26",
    severity: "problem",
    used: (service) => (service.volumes ?? []).some(({ volume }) => volume?.subpath !== undefined),
  },
  {
    attribute: "volumes of type image",
    since: [1, 48],
    release: "28",
    severity: "problem",
    used: (service) => (service.volumes ?? []).some(({ type }) => type === "image"),
  },
  {
    attribute: "gw_priority",
    since: [1, 48],
    release: "28",
    severity: "warning",
    used: (service) => endpoints(service).some((each) => each?.gw_priority !== undefined),
  },
  {
    attribute: "interface_name",
    since: [1, 49],
    release: "28.1",
    severity: "problem",
    used: (service) => endpoints(service).some((each) => each?.interface_name !== undefined),
  },
];

/** What the engine is too old for is said before anything is changed. */
export function checkCapabilities(plan: PlanBuilder, project: Project, engine: EngineFacts): void {
  for (const capability of capabilities) {
    if (!isOlder(engine.api, capability.since)) continue;
    const users = [...project.services.values()].filter((service) => capability.used(service));
    for (const { name } of users) report(plan, capability, { name, engine });
  }
  const ipv4 = [...project.networks.values()].filter(
    ({ enable_ipv4, external }) => enable_ipv4 !== undefined && external !== true,
  );
  if (isOlder(engine.api, [1, 48]) && ipv4.length > 0) {
    plan.warn(`networks.${ipv4[0]?.key ?? ""}.enable_ipv4 needs engine 28; this one is older and ignores it`);
  }
}

function report(
  plan: PlanBuilder,
  { attribute, release, severity }: Capability,
  { name, engine }: { readonly name: string; readonly engine: EngineFacts },
): void {
  const spoken = `${attribute} of service "${name}" needs engine ${release}`;
  if (severity === "warning") {
    plan.warn(`${spoken}; this one is older and ignores it`);
    return;
  }
  plan.problem({
    code: "engine-too-old",
    message: `${spoken}, and this one speaks only API ${engine.api.join(".")}`,
    path: `services.${name}`,
  });
}

function isOlder([major, minor]: Api, [neededMajor, neededMinor]: Api): boolean {
  return major < neededMajor || (major === neededMajor && minor < neededMinor);
}

function macAddresses(service: Service): number {
  return endpoints(service).filter((each) => each?.mac_address !== undefined).length;
}

function endpoints(service: Service): readonly ServiceNetwork[] {
  return [...(service.networks?.values() ?? [])].filter((each) => each !== null);
}

function recursiveModes(service: Service): readonly (string | undefined)[] {
  return (service.volumes ?? []).map(({ bind }) => bind?.recursive);
}
