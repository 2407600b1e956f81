/** What the engine has now, of one project: the second input of every plan. */
export interface ObservedState {
  /** Milliseconds since the epoch: planning has no clock of its own. */
  readonly time: number;
  readonly engine: EngineFacts;
  /** Of the project, one-offs and stopped ones too. */
  readonly containers: readonly ObservedContainer[];
  /** Of the project, and those that it names whoever they belong to. */
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
  /** Local images by `imageKey`; absent: not on this engine, or not for the platform that is asked for. */
  readonly images: ReadonlyMap<string, ObservedImage>;
  /** Containers of others that publish a port which the project wants, or carry a name which it wants. */
  readonly strangers: readonly ObservedContainer[];
  /** Folders, as labels name them, that are the project's own folder under another path. */
  readonly sameFolders: ReadonlySet<string>;
  /** Container id → how it differs from the file; looked up only of containers whose hash says that they do. */
  readonly differences: ReadonlyMap<string, readonly FieldChange[]>;
}

/** What a field was and what it becomes; values that look secret are never here, only that they differ. */
export interface FieldChange {
  /** "environment.FOO", in the words of the Compose file. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** What decides whether an attribute can reach the engine. */
export interface EngineFacts {
  /** "28.5.2" */
  readonly version: string;
  /** Negotiated: "1.51" → [1, 51]. */
  readonly api: readonly [number, number];
  /** "linux" or "windows". */
  readonly os: string;
  /** Part of a swarm, whose networks it shows only where they are used. */
  readonly swarm: boolean;
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
  readonly networks: ReadonlyMap<string, ObservedEndpoint>;
}

export interface ObservedEndpoint {
  readonly networkId: string;
  readonly address?: string;
  readonly ipv6Address?: string;
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
  /** The same as the engine writes them, to the nanosecond: listings give them on. */
  readonly exactly?: { readonly tagged?: string; readonly created?: string };
  readonly repoTags: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  /** Paths of VOLUME instructions. */
  readonly volumes: readonly string[];
  readonly healthcheck: boolean;
  /** Absent where only a list told of the image. */
  readonly defaults?: ImageDefaults;
}

/** What an image gives its containers without being asked. */
export interface ImageDefaults {
  /** "KEY=value" */
  readonly environment: readonly string[];
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly stopSignal?: string;
  readonly labels: ReadonlyMap<string, string>;
  /** "80/tcp" */
  readonly exposed: readonly string[];
  /** As the engine writes it. */
  readonly healthcheck?: unknown;
}
