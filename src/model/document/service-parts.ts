import { formatBytes } from "../format.ts";
import type {
  BlkioConfig,
  CredentialSpec,
  Dependency,
  DeviceMapping,
  DeviceRate,
  EnvFile,
  FileMount,
  Healthcheck,
  Hook,
  Logging,
  Port,
  Provider,
  ServiceModel,
  ServiceNetwork,
  Ulimit,
  WatchRule,
} from "../project.ts";
import {
  command,
  fileMode,
  flag,
  given,
  givenDuration,
  list,
  map,
  number,
  object,
  stringMap,
  text,
  texts,
  type Document,
  type Writer,
} from "./writer.ts";

export const ulimit: Writer<Ulimit> = (value, { format }) => {
  const { soft, hard } = typeof value === "number" ? { soft: 0, hard: 0 } : value;
  if (typeof value === "number" && value !== 0) return value;
  const limits = new Map([
    ["soft", soft],
    ["hard", hard],
  ]);
  // A limit of zero is left out of docker compose's JSON, and so of its hash.
  if (format === "json") for (const [key, limit] of limits) if (limit === 0) limits.delete(key);
  return limits;
};

export const hook: Writer<Hook> = object<Hook>({
  command,
  image: text,
  user: text,
  privileged: flag,
  working_dir: text,
  environment: stringMap,
  per_replica: given,
});

export const fileMount: Writer<FileMount> = object<FileMount>({
  source: text,
  target: text,
  uid: text,
  gid: text,
  mode: fileMode,
});

/** Go's JSON has no empty structure to leave out: a rule without a command to run still shows one. */
const noExec: ReadonlyMap<"exec", Document> = new Map([["exec", new Map([["command", null]])]]);
export const watchRule: Writer<WatchRule> = object<WatchRule>(
  { path: text, action: text, target: text, exec: hook, include: texts, ignore: texts, initial_sync: flag },
  { always: ({ format }) => (format === "json" ? noExec : new Map()) },
);

/** The JSON form of these two shows Go's own names, because nobody gave them others. */
const deviceRate: Writer<DeviceRate> = ({ path, rate }, { format }) => named(format, { path, rate: formatBytes(rate) });
const deviceWeight: Writer<{ readonly path: string; readonly weight: number }> = ({ path, weight }, { format }) =>
  named(format, { path, weight });

function named(format: "yaml" | "json", fields: Readonly<Record<string, string | number>>): Document {
  const capital = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);
  return new Map(Object.entries(fields).map(([key, value]) => [format === "json" ? capital(key) : key, value]));
}

export const blkioConfig: Writer<BlkioConfig> = object<BlkioConfig>({
  weight: number,
  weight_device: list(deviceWeight),
  device_read_bps: list(deviceRate),
  device_read_iops: list(deviceRate),
  device_write_bps: list(deviceRate),
  device_write_iops: list(deviceRate),
});

export const credentialSpec: Writer<CredentialSpec> = object<CredentialSpec>({
  config: text,
  file: text,
  registry: text,
});

export const dependency: Writer<Dependency> = object<Dependency>({ condition: text, restart: flag, required: given });

export const device: Writer<DeviceMapping> = object<DeviceMapping>({ source: text, target: text, permissions: text });

export const provider: Writer<Provider> = object<Provider>({ type: text, options: map(texts) });

export const envFile: Writer<EnvFile> = ({ path, required, format }) =>
  required && format === undefined
    ? path
    : new Map<string, Document>([
        ["path", path],
        ["required", required],
        ...(format === undefined ? [] : [["format", format] as const]),
      ]);

export const healthcheck: Writer<Healthcheck> = object<Healthcheck>({
  test: texts,
  timeout: givenDuration,
  interval: givenDuration,
  retries: given,
  start_period: givenDuration,
  start_interval: givenDuration,
  disable: flag,
});

export const logging: Writer<Logging> = object<Logging>({ driver: text, options: stringMap });

export const serviceModel: Writer<ServiceModel> = object<ServiceModel>({ endpoint_var: text, model_var: text });

export const serviceNetwork: Writer<ServiceNetwork> = object<ServiceNetwork>({
  aliases: texts,
  driver_opts: stringMap,
  gw_priority: number,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  priority: number,
});

export const port: Writer<Port> = object<Port>({
  name: text,
  mode: text,
  host_ip: text,
  target: number,
  published: text,
  protocol: text,
  app_protocol: text,
});
