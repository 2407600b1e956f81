/** A container as the engine takes it or tells it, both in one shape. */
export interface EngineConfig {
  readonly config: Raw;
  readonly host: Raw;
  /** Network name → endpoint. */
  readonly networks: Readonly<Record<string, Raw>>;
}

export type Raw = Readonly<Record<string, unknown>>;

/** A field in the words of the Compose file → its value as text; what is empty is left out. */
export type Fields = ReadonlyMap<string, string>;

/** Fields of one word in both languages: Compose's, the engine's, and what the engine writes where nothing was asked. */
const single: readonly (readonly [path: string, place: "config" | "host", key: string, unset?: unknown])[] = [
  ["image", "config", "Image"],
  ["command", "config", "Cmd"],
  ["entrypoint", "config", "Entrypoint"],
  ["user", "config", "User"],
  ["working_dir", "config", "WorkingDir"],
  ["hostname", "config", "Hostname"],
  ["domainname", "config", "Domainname"],
  ["tty", "config", "Tty"],
  ["stdin_open", "config", "OpenStdin"],
  ["stop_signal", "config", "StopSignal"],
  ["stop_grace_period", "config", "StopTimeout"],
  ["expose", "config", "ExposedPorts"],
  ["cap_add", "host", "CapAdd"],
  ["cap_drop", "host", "CapDrop"],
  ["cgroup", "host", "CgroupnsMode", "engine's own"],
  ["cgroup_parent", "host", "CgroupParent"],
  ["devices", "host", "Devices"],
  ["gpus", "host", "DeviceRequests"],
  ["device_cgroup_rules", "host", "DeviceCgroupRules"],
  ["dns", "host", "Dns"],
  ["dns_opt", "host", "DnsOptions"],
  ["dns_search", "host", "DnsSearch"],
  ["extra_hosts", "host", "ExtraHosts"],
  ["group_add", "host", "GroupAdd"],
  ["init", "host", "Init"],
  ["ipc", "host", "IpcMode", "engine's own"],
  ["isolation", "host", "Isolation", "default"],
  ["pid", "host", "PidMode"],
  ["uts", "host", "UTSMode"],
  ["userns_mode", "host", "UsernsMode"],
  ["privileged", "host", "Privileged"],
  ["read_only", "host", "ReadonlyRootfs"],
  ["runtime", "host", "Runtime", "engine's own"],
  ["security_opt", "host", "SecurityOpt"],
  ["shm_size", "host", "ShmSize", 67_108_864],
  ["sysctls", "host", "Sysctls"],
  ["storage_opt", "host", "StorageOpt"],
  ["ulimits", "host", "Ulimits"],
  ["volumes_from", "host", "VolumesFrom"],
  ["annotations", "host", "Annotations"],
  ["mem_limit", "host", "Memory"],
  ["mem_reservation", "host", "MemoryReservation"],
  ["memswap_limit", "host", "MemorySwap", "engine's own"],
  ["mem_swappiness", "host", "MemorySwappiness"],
  ["cpus", "host", "NanoCpus"],
  ["cpu_shares", "host", "CpuShares"],
  ["cpu_period", "host", "CpuPeriod"],
  ["cpu_quota", "host", "CpuQuota"],
  ["cpuset", "host", "CpusetCpus"],
  ["pids_limit", "host", "PidsLimit"],
  ["oom_kill_disable", "host", "OomKillDisable"],
  ["oom_score_adj", "host", "OomScoreAdj"],
  ["blkio_config.weight", "host", "BlkioWeight"],
];

/** `reference` is the other side: what the engine made up by itself counts only where somebody asked for something. */
export function fieldsOf(own: EngineConfig, reference: EngineConfig): Fields {
  const fields = new Map<string, string>();
  const put = (path: string, value: unknown): void => {
    const text = textOf(value);
    if (text !== "") fields.set(path, text);
  };
  for (const [path, place, key, unset] of single) {
    const isMadeUp = unset === "engine's own" && textOf(reference[place][key]) === "";
    if (!isMadeUp && own[place][key] !== unset) put(path, own[place][key]);
  }
  for (const [name, value] of pairs(own.config["Env"])) put(`environment.${name}`, value ?? "(no value)");
  for (const [name, value] of Object.entries(raw(own.config["Labels"]))) {
    if (!name.startsWith("com.docker.compose.")) put(`labels.${name}`, value);
  }
  for (const [path, value] of healthcheck(own.config)) put(path, value);
  for (const [path, value] of ports(own.host)) put(path, value);
  for (const [path, value] of mounts(own.host)) put(path, value);
  for (const [target, options] of Object.entries(raw(own.host["Tmpfs"]))) put(`tmpfs.${target}`, options || "rw");
  for (const [path, value] of restartAndLogging(own.host, reference.host)) put(path, value);
  put("links", links(own));
  for (const [path, value] of endpoints(own)) put(path, value);
  return fields;
}

export function raw(value: unknown): Raw {
  return typeof value === "object" && value !== null ? (value as Raw) : {};
}

/** "FOO=1" → FOO, 1; a bare name has no value. */
export function pairs(list: unknown): readonly (readonly [string, string | undefined])[] {
  return strings(list).map((entry) => {
    const equals = entry.indexOf("=");
    return equals < 0 ? [entry, undefined] : [entry.slice(0, equals), entry.slice(equals + 1)];
  });
}

export function strings(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

type Entry = readonly [path: string, value: unknown];

function healthcheck(config: Raw): readonly Entry[] {
  const check = raw(config["Healthcheck"]);
  const milliseconds = (key: string): unknown => {
    const nanoseconds = check[key];
    return typeof nanoseconds === "number" && nanoseconds > 0 ? `${nanoseconds / 1e6}ms` : undefined;
  };
  return [
    ["healthcheck.test", check["Test"]],
    ["healthcheck.interval", milliseconds("Interval")],
    ["healthcheck.timeout", milliseconds("Timeout")],
    ["healthcheck.start_period", milliseconds("StartPeriod")],
    ["healthcheck.start_interval", milliseconds("StartInterval")],
    ["healthcheck.retries", check["Retries"]],
  ];
}

/** ports: "80/tcp" → "127.0.0.1:8080" */
function ports(host: Raw): readonly Entry[] {
  return Object.entries(raw(host["PortBindings"])).map(([target, bindings]) => {
    const published = Array.isArray(bindings) ? bindings.map((each) => binding(raw(each))) : [];
    return [`ports.${target}`, published.sort().join(", ")];
  });
}

function binding({ HostIp, HostPort }: Raw): string {
  const port = textOf(HostPort);
  return `${textOf(HostIp)}${textOf(HostIp) === "" ? "" : ":"}${port === "" || port === "0" ? "any port" : port}`;
}

/** By target, so that a mount that moved from the one form to the other is the same. Anonymous volumes have no name here. */
function mounts(host: Raw): readonly Entry[] {
  const binds = strings(host["Binds"]).map((bind): Entry => {
    const [source = "", target = "", mode = "rw"] = bind.split(":");
    return [`volumes.${target}`, `${source} ${mode}`];
  });
  const objects = Array.isArray(host["Mounts"]) ? host["Mounts"].map((mount) => raw(mount)) : [];
  return [
    ...binds,
    ...objects.map((mount): Entry => {
      const { Target, Source, Type, ReadOnly, BindOptions, VolumeOptions, TmpfsOptions, ImageOptions } = mount;
      const source = /^[0-9a-f]{64}$/.test(textOf(Source)) ? "" : textOf(Source);
      const blocks = Object.entries({ BindOptions, VolumeOptions, TmpfsOptions, ImageOptions });
      const options = textOf(Object.fromEntries(blocks.filter(([, block]) => textOf(block) !== "")));
      const words = [source === "" ? textOf(Type) : source, ReadOnly === true ? "ro" : "rw", options];
      return [`volumes.${textOf(Target)}`, words.filter((word) => word !== "").join(" ")];
    }),
  ];
}

function restartAndLogging(host: Raw, reference: Raw): readonly Entry[] {
  const { Name, MaximumRetryCount } = raw(host["RestartPolicy"]);
  const retries = MaximumRetryCount === 0 || MaximumRetryCount === undefined ? "" : `:${textOf(MaximumRetryCount)}`;
  const restart = textOf(Name) === "no" ? "" : textOf(Name) + retries;
  const { Type, Config } = raw(host["LogConfig"]);
  const asked = textOf(raw(reference["LogConfig"])["Type"]) !== "";
  return [
    ["restart", restart],
    ["logging.driver", asked ? Type : ""],
    ["logging.options", Config],
  ];
}

/** On networks of one's own the engine has them with each network; what it knows as "/db:/web/sql" was "db:sql". */
function links({ host, networks }: EngineConfig): readonly string[] {
  const all = [host, ...Object.values(networks)].flatMap((each) => strings(each["Links"]));
  return [...new Set(all.map((link) => link.replace(/^\/([^:]*):\/.*\//, "$1:")))].sort();
}

/** The mode names the first network, unless it is something else altogether. */
function endpoints({ host, networks }: EngineConfig): readonly Entry[] {
  const mode = textOf(host["NetworkMode"]);
  const attached = Object.entries(networks).flatMap(([name, endpoint]): readonly Entry[] => {
    const { IPv4Address, IPv6Address, LinkLocalIPs } = raw(endpoint["IPAMConfig"]);
    return [
      [`networks.${name}`, "attached"],
      [`networks.${name}.aliases`, ownAliases(endpoint)],
      [`networks.${name}.ipv4_address`, IPv4Address],
      [`networks.${name}.ipv6_address`, IPv6Address],
      [`networks.${name}.link_local_ips`, LinkLocalIPs],
      [`networks.${name}.mac_address`, endpoint["MacAddress"]],
      [`networks.${name}.driver_opts`, endpoint["DriverOpts"]],
      [`networks.${name}.gw_priority`, endpoint["GwPriority"]],
    ];
  });
  return mode in networks ? attached : [...attached, ["network_mode", mode]];
}

/** Behind the names of the container and of its service; older engines add the first digits of the id. */
function ownAliases({ Aliases }: Raw): readonly string[] {
  return strings(Aliases)
    .slice(2)
    .filter((alias) => !/^[0-9a-f]{12}$/.test(alias))
    .sort();
}

/** Whatever the engine means by "nothing" is no text. */
function textOf(value: unknown): string {
  if (value === null || value === undefined || value === false || value === 0 || value === "") return "";
  if (typeof value === "string") return value;
  if (typeof value !== "object") return JSON.stringify(value) ?? "";
  if (Array.isArray(value)) return value.length === 0 ? "" : JSON.stringify(value);
  const kept = Object.entries(value).filter(([, each]) => textOf(each) !== "" || isEmptyObject(each));
  return kept.length === 0 ? "" : JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** `{ "80/tcp": {} }` says something by its keys. */
function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
