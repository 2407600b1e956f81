import type { Deploy, DeviceRequest, Placement, Resources, RestartPolicy, UpdateConfig } from "../project.ts";
import {
  bytes,
  duration,
  given,
  givenDuration,
  list,
  number,
  object,
  stringMap,
  text,
  texts,
  type Document,
  type Writer,
} from "./writer.ts";

/** Go's JSON cannot leave out an empty structure. */
const empty: ReadonlyMap<"resources" | "placement", Document> = new Map([
  ["resources", new Map()],
  ["placement", new Map()],
]);

export const deviceRequest: Writer<DeviceRequest> = object<DeviceRequest>({
  capabilities: texts,
  driver: text,
  count: number,
  device_ids: texts,
  options: stringMap,
});

const updateConfig: Writer<UpdateConfig> = object<UpdateConfig>({
  parallelism: given,
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: number,
  order: text,
});

type GenericResource = NonNullable<Resources["generic_resources"]>[number];

const resources: Writer<Resources> = object<Resources>({
  cpus: number,
  memory: bytes,
  pids: number,
  devices: list(deviceRequest),
  generic_resources: list(
    object<GenericResource>({
      discrete_resource_spec: object<NonNullable<GenericResource["discrete_resource_spec"]>>({
        kind: text,
        value: given,
      }),
    }),
  ),
});

const restartPolicy: Writer<RestartPolicy> = object<RestartPolicy>({
  condition: text,
  delay: givenDuration,
  max_attempts: given,
  window: givenDuration,
});

const placement: Writer<Placement> = object<Placement>({
  constraints: texts,
  preferences: list(object<NonNullable<Placement["preferences"]>[number]>({ spread: text })),
  max_replicas_per_node: number,
});

export const deploy: Writer<Deploy> = object<Deploy>(
  {
    mode: text,
    replicas: given,
    labels: stringMap,
    update_config: updateConfig,
    rollback_config: updateConfig,
    resources: nonEmpty(object<NonNullable<Deploy["resources"]>>({ limits: resources, reservations: resources })),
    restart_policy: restartPolicy,
    placement: nonEmpty(placement),
    endpoint_mode: text,
  },
  { always: ({ format }) => (format === "json" ? empty : new Map()) },
);

function nonEmpty<T>(write: Writer<T>): Writer<T> {
  return (value, style) => {
    const document = write(value, style);
    return document instanceof Map && document.size === 0 ? undefined : document;
  };
}
