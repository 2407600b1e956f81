import type { Deploy, DeviceRequest, Placement, Resources, RestartPolicy, UpdateConfig } from "../../model/project.ts";
import { parseInteger } from "../syntax/integer.ts";
import { list, object, problem, type Decoder } from "./decoder.ts";
import { bytes, count, duration, fraction, integer, text, word } from "./scalar.ts";
import { texts } from "./text-list.ts";
import { stringMap } from "./text-map.ts";

/** -1 stands for all. */
const deviceCount: Decoder<number> = (tree, place) => {
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return integer(tree, place);
  if (tree.value === "all") return -1;
  const count = parseInteger(tree.value);
  if (count.ok) return count.value;
  const message = `"${tree.value}" is not a number of devices`;
  return problem(tree, place, { code: "invalid-count", message, hint: 'write a number, or "all"' });
};

export const deviceRequest: Decoder<DeviceRequest> = object<DeviceRequest>({
  capabilities: texts,
  driver: text,
  count: deviceCount,
  device_ids: texts,
  options: stringMap,
});

const updateConfig: Decoder<UpdateConfig> = object<UpdateConfig>({
  parallelism: count,
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: fraction,
  order: word(["start-first", "stop-first"]),
});

type GenericResource = NonNullable<Resources["generic_resources"]>[number];

const resources: Decoder<Resources> = object<Resources>({
  cpus: fraction,
  memory: bytes,
  pids: integer,
  devices: list(deviceRequest),
  generic_resources: list(
    object<GenericResource>({
      discrete_resource_spec: object<NonNullable<GenericResource["discrete_resource_spec"]>>({
        kind: text,
        value: integer,
      }),
    }),
  ),
});

export const deploy: Decoder<Deploy> = object<Deploy>({
  mode: text,
  replicas: integer,
  labels: stringMap,
  update_config: updateConfig,
  rollback_config: updateConfig,
  resources: object<NonNullable<Deploy["resources"]>>({ limits: resources, reservations: resources }),
  restart_policy: object<RestartPolicy>({ condition: text, delay: duration, max_attempts: count, window: duration }),
  placement: object<Placement>({
    constraints: texts,
    preferences: list(object<NonNullable<Placement["preferences"]>[number]>({ spread: text })),
    max_replicas_per_node: count,
  }),
  endpoint_mode: text,
});
