import type { StringMap } from "./values.ts";

export interface Deploy {
  readonly mode?: string;
  readonly replicas?: number;
  readonly labels?: StringMap;
  readonly update_config?: UpdateConfig;
  readonly rollback_config?: UpdateConfig;
  readonly resources?: { readonly limits?: Resources; readonly reservations?: Resources };
  readonly restart_policy?: RestartPolicy;
  readonly placement?: Placement;
  readonly endpoint_mode?: string;
}

export interface UpdateConfig {
  readonly parallelism?: number;
  readonly delay?: number;
  readonly failure_action?: string;
  readonly monitor?: number;
  readonly max_failure_ratio?: number;
  readonly order?: "start-first" | "stop-first";
}

export interface Resources {
  readonly cpus?: number;
  readonly memory?: number;
  readonly pids?: number;
  readonly devices?: readonly DeviceRequest[];
  readonly generic_resources?: readonly {
    readonly discrete_resource_spec?: { readonly kind: string; readonly value: number };
  }[];
}

/** `count` of -1 means all. */
export interface DeviceRequest {
  readonly capabilities?: readonly string[];
  readonly driver?: string;
  readonly count?: number;
  readonly device_ids?: readonly string[];
  readonly options?: StringMap;
}

export interface RestartPolicy {
  readonly condition?: string;
  readonly delay?: number;
  readonly max_attempts?: number;
  readonly window?: number;
}

export interface Placement {
  readonly constraints?: readonly string[];
  readonly preferences?: readonly { readonly spread?: string }[];
  readonly max_replicas_per_node?: number;
}
