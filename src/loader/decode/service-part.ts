import type {
  BlkioConfig,
  CredentialSpec,
  Dependency,
  DeviceMapping,
  DeviceRate,
  EnvFile,
  Healthcheck,
  Hook,
  Logging,
  Provider,
  ServiceModel,
  ServiceNetwork,
  WatchRule,
} from "../../model/project.ts";
import { list, map, object, type Decoder } from "./decoder.ts";
import { boolean, bytes, count, duration, integer, plainCount, text, word } from "./scalar.ts";
import { command, healthTest, textOrTexts, texts } from "./text-list.ts";
import { nullableMap, options } from "./text-map.ts";

export const hook: Decoder<Hook> = object<Hook>({
  command,
  image: text,
  user: text,
  privileged: boolean,
  working_dir: text,
  environment: nullableMap,
  per_replica: boolean,
});

export const watchRule: Decoder<WatchRule> = object<WatchRule>(
  {
    path: text,
    action: word(["sync", "rebuild", "restart", "sync+restart", "sync+exec"]),
    target: text,
    exec: hook,
    include: textOrTexts,
    ignore: textOrTexts,
    initial_sync: boolean,
  },
  ["path", "action"],
);

const deviceRate: Decoder<DeviceRate> = object<DeviceRate>({ path: text, rate: bytes }, ["path", "rate"]);
type DeviceWeight = NonNullable<BlkioConfig["weight_device"]>[number];

export const blkioConfig: Decoder<BlkioConfig> = object<BlkioConfig>({
  weight: plainCount,
  weight_device: list(object<DeviceWeight>({ path: text, weight: plainCount }, ["path", "weight"])),
  device_read_bps: list(deviceRate),
  device_read_iops: list(deviceRate),
  device_write_bps: list(deviceRate),
  device_write_iops: list(deviceRate),
});

export const credentialSpec: Decoder<CredentialSpec> = object<CredentialSpec>({
  config: text,
  file: text,
  registry: text,
});

export const dependency: Decoder<Dependency> = object<Dependency>(
  {
    condition: word(["service_started", "service_healthy", "service_completed_successfully"]),
    restart: boolean,
    required: boolean,
  },
  ["condition"],
);

export const device: Decoder<DeviceMapping> = object<DeviceMapping>({ source: text, target: text, permissions: text }, [
  "source",
]);

export const provider: Decoder<Provider> = object<Provider>({ type: text, options: map(textOrTexts) }, ["type"]);

export const envFile: Decoder<EnvFile> = object<EnvFile>({ path: text, required: boolean, format: text }, ["path"]);

export const healthcheck: Decoder<Healthcheck> = object<Healthcheck>({
  test: healthTest,
  timeout: duration,
  interval: duration,
  retries: count,
  start_period: duration,
  start_interval: duration,
  disable: boolean,
});

export const logging: Decoder<Logging> = object<Logging>({ driver: text, options });

export const serviceModel: Decoder<ServiceModel> = object<ServiceModel>({ endpoint_var: text, model_var: text });

export const serviceNetwork: Decoder<ServiceNetwork> = object<ServiceNetwork>({
  aliases: texts,
  driver_opts: options,
  gw_priority: integer,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  priority: integer,
});
