/** What the engine has now, of one project: the second input of every plan. */
export interface ObservedState {
  readonly containers: readonly ObservedContainer[];
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
  /** Local images by the name the project uses; absent: not on this engine. */
  readonly images: ReadonlyMap<string, ObservedImage>;
}

export type ContainerState = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
export type Health = "none" | "starting" | "healthy" | "unhealthy";

/** From the engine's list of containers; nothing here needs an inspect. */
export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly service: string;
  /** Absent on one-offs. */
  readonly number?: number;
  readonly oneOff: boolean;
  readonly state: ContainerState;
  readonly health: Health;
  /** Read from the status text; only of exited containers. */
  readonly exitCode?: number;
  /** "Up 5 minutes (healthy)", as the engine says it. */
  readonly status: string;
  readonly image: string;
  readonly imageId: string;
  readonly command: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly labels: ReadonlyMap<string, string>;
  readonly ports: readonly ObservedPort[];
  readonly mounts: readonly ObservedMount[];
  /** Network name → what is known of the endpoint. */
  readonly networks: ReadonlyMap<string, { readonly networkId: string; readonly address?: string }>;
}

export interface ObservedPort {
  readonly hostIp?: string;
  readonly published?: number;
  readonly target: number;
  readonly protocol: string;
}

export interface ObservedMount {
  readonly type: string;
  /** Volume name, absent on others. */
  readonly name?: string;
  readonly source: string;
  readonly destination: string;
  readonly writable: boolean;
}

export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly labels: ReadonlyMap<string, string>;
}

export interface ObservedVolume {
  readonly name: string;
  readonly driver: string;
  readonly mountpoint: string;
  readonly labels: ReadonlyMap<string, string>;
}

export interface ObservedImage {
  readonly id: string;
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch; when the tag was last moved here. */
  readonly taggedAt?: number;
  readonly createdAt?: number;
  readonly repoTags: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  /** Paths of VOLUME instructions. */
  readonly volumes: readonly string[];
  readonly healthcheck: boolean;
}
