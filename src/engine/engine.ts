import type { Diagnostic } from "../model/diagnostic.ts";
import type {
  ContainerState,
  Health,
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedVolume,
} from "../model/observed.ts";
import type { OneOffContainer } from "../model/plan.ts";
import type { Build, FileObject, Hook, Network, Project, Service, Volume } from "../model/project.ts";

/**
 * What we need of an engine, in our own types. The real one speaks HTTP (docker.ts); the fake one in the tests keeps
 * its state in memory; one contract test runs against both. Every failure is an EngineError.
 */
export interface Engine {
  readonly info: EngineInfo;

  listContainers(filter: ContainerFilter, signal?: AbortSignal): Promise<readonly ObservedContainer[]>;
  inspectContainer(id: string, signal?: AbortSignal): Promise<ContainerDetails>;
  createContainer(
    request: CreateContainer,
    signal?: AbortSignal,
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }>;
  startContainer(id: string, signal?: AbortSignal): Promise<void>;
  stopContainer(
    id: string,
    options: { readonly timeoutSeconds?: number | undefined },
    signal?: AbortSignal,
  ): Promise<void>;
  restartContainer(
    id: string,
    options: { readonly timeoutSeconds?: number | undefined },
    signal?: AbortSignal,
  ): Promise<void>;
  killContainer(id: string, killSignal: string, signal?: AbortSignal): Promise<void>;
  pauseContainer(id: string, signal?: AbortSignal): Promise<void>;
  unpauseContainer(id: string, signal?: AbortSignal): Promise<void>;
  renameContainer(id: string, name: string, signal?: AbortSignal): Promise<void>;
  /** Forced; a container that is gone already is no error. */
  removeContainer(id: string, options: { readonly volumes: boolean }, signal?: AbortSignal): Promise<void>;
  /** Resolves once the engine watches the container, so that a start after it cannot be missed; `exitCode` when it stops. */
  waitContainer(
    id: string,
    condition: "not-running" | "next-exit" | "removed",
    signal?: AbortSignal,
  ): Promise<{ readonly exitCode: Promise<number> }>;
  /** Unpacks a tar archive into the container's file system. */
  putArchive(
    id: string,
    archive: {
      readonly path: string;
      readonly tar: Uint8Array | AsyncIterable<Uint8Array>;
      readonly copyOwner: boolean;
    },
    signal?: AbortSignal,
  ): Promise<void>;
  getArchive(id: string, path: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  statPath(id: string, path: string, signal?: AbortSignal): Promise<PathStat | undefined>;
  topContainer(
    id: string,
    signal?: AbortSignal,
  ): Promise<{ readonly titles: readonly string[]; readonly processes: readonly (readonly string[])[] }>;
  /** Once, or about once a second until the container ends. */
  statsContainer(id: string, options: { readonly stream: boolean }, signal?: AbortSignal): AsyncIterable<ResourceUse>;
  exportContainer(id: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  commitContainer(id: string, options: CommitOptions, signal?: AbortSignal): Promise<string>;

  logs(id: string, options: LogOptions, signal?: AbortSignal): AsyncIterable<LogChunk>;
  /** Raw bidirectional stream of a container's main process. */
  attach(id: string, options: AttachOptions, signal?: AbortSignal): Promise<Duplexed>;
  createExec(id: string, options: ExecOptions, signal?: AbortSignal): Promise<string>;
  startExec(
    execId: string,
    options: { readonly tty: boolean; readonly stdin: boolean; readonly detach?: boolean },
    signal?: AbortSignal,
  ): Promise<Duplexed>;
  inspectExec(
    execId: string,
    signal?: AbortSignal,
  ): Promise<{ readonly running: boolean; readonly exitCode: number | undefined }>;
  resize(
    target: { readonly container: string } | { readonly exec: string },
    size: TerminalSize,
    signal?: AbortSignal,
  ): Promise<void>;

  /** Events of containers of one project, live (and from `since` on). The iterator is subscribed when the promise resolves. */
  events(filter: EventFilter, signal?: AbortSignal): Promise<AsyncIterable<EngineEvent>>;

  listNetworks(filter: ResourceFilter, signal?: AbortSignal): Promise<readonly ObservedNetwork[]>;
  /** Exact name or id. */
  findNetwork(name: string, signal?: AbortSignal): Promise<ObservedNetwork | undefined>;
  createNetwork(network: Network, labels: ReadonlyMap<string, string>, signal?: AbortSignal): Promise<string>;
  removeNetwork(id: string, signal?: AbortSignal): Promise<"removed" | "in use" | "absent">;
  connectNetwork(network: string, request: ConnectNetwork, signal?: AbortSignal): Promise<void>;
  disconnectNetwork(network: string, container: string, signal?: AbortSignal): Promise<void>;

  listVolumes(filter: ResourceFilter, signal?: AbortSignal): Promise<readonly ObservedVolume[]>;
  findVolume(name: string, signal?: AbortSignal): Promise<ObservedVolume | undefined>;
  createVolume(volume: Volume, labels: ReadonlyMap<string, string>, signal?: AbortSignal): Promise<void>;
  removeVolume(name: string, signal?: AbortSignal): Promise<"removed" | "in use" | "absent">;

  findImage(name: string, platform?: string, signal?: AbortSignal): Promise<ObservedImage | undefined>;
  listImages(filter: ResourceFilter, signal?: AbortSignal): Promise<readonly ObservedImage[]>;
  removeImage(name: string, signal?: AbortSignal): Promise<"removed" | "in use" | "absent">;
  pullImage(
    image: string,
    options: { readonly platform?: string | undefined },
    signal?: AbortSignal,
  ): AsyncIterable<TransferProgress>;
  pushImage(image: string, signal?: AbortSignal): AsyncIterable<TransferProgress>;
  buildImage(request: BuildRequest, signal?: AbortSignal): AsyncIterable<BuildProgress>;
  /** Looks for mistakes in the Dockerfile, and builds nothing. */
  checkBuild(request: BuildRequest, signal?: AbortSignal): Promise<readonly Diagnostic[]>;

  close(): Promise<void>;
}

export interface EngineInfo {
  /** "28.5.2" */
  readonly version: string;
  /** Negotiated, as number pair: "1.51" → [1, 51]. */
  readonly api: readonly [number, number];
  readonly os: string;
  readonly buildkit: boolean;
  readonly swarm: boolean;
  /** Podman speaks the same API, and means some things otherwise. */
  readonly podman?: boolean;
  /** Where it was found: "unix:///var/run/docker.sock". */
  readonly endpoint: string;
}

export interface ContainerFilter {
  /** Absent: containers of all projects. */
  readonly project?: string | undefined;
  /** Also those that belong to no project. */
  readonly anybodys?: boolean | undefined;
  /** Stopped ones too. */
  readonly all: boolean;
}

export interface ResourceFilter {
  readonly project?: string | undefined;
}

export interface ContainerDetails {
  readonly id: string;
  readonly name: string;
  readonly state: ContainerState;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly error: string;
  readonly health: Health;
  /** The last probes, oldest first. */
  readonly probes: readonly { readonly exitCode: number; readonly output: string }[];
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tty: boolean;
  readonly openStdin: boolean;
  readonly restartCount: number;
  readonly imageId: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly environment: readonly string[];
  readonly healthcheckTest: readonly string[];
  /** The engine does not tell reliably of changes by events: who waits has to look. */
  readonly silent?: boolean;
  /** The engine's whole answer, for what only one verb needs. */
  readonly raw: unknown;
}

/** Everything that engine/container.ts needs to write the body of a create call. */
export interface CreateContainer {
  readonly project: Project;
  readonly service: Service;
  readonly image: string;
  /** What the container is called from the start on (a temporary name while it replaces another). */
  readonly name: string;
  /** Its name in the end: an alias on its networks. */
  readonly finalName: string;
  /** Complete, ours and compose's included. */
  readonly labels: ReadonlyMap<string, string>;
  /** `service:X` and links resolved: service name → containers (id, name, number). */
  readonly references: ReadonlyMap<
    string,
    readonly { readonly id: string; readonly name: string; readonly number?: number }[]
  >;
  readonly inherits: readonly { readonly destination: string; readonly volume: string; readonly readOnly: boolean }[];
  readonly oneOff?: OneOff | undefined;
}

export type OneOff = Omit<OneOffContainer, "slug">;

export interface ConnectNetwork {
  readonly project: Project;
  readonly service: Service;
  readonly container: string;
  readonly finalName: string;
}

export interface PathStat {
  readonly name: string;
  readonly sizeBytes: number;
  /** Go FileMode bits. */
  readonly mode: number;
  readonly linkTarget: string;
}

/** What a container takes at a moment; bytes over networks and disks since it was started. */
export interface ResourceUse {
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly processes: number;
}

export interface CommitOptions {
  readonly reference?: string | undefined;
  readonly author?: string | undefined;
  readonly message?: string | undefined;
  readonly changes: readonly string[];
  readonly pause: boolean;
}

export interface LogOptions {
  readonly follow: boolean;
  /** A number of lines, or all. */
  readonly tail?: number | undefined;
  /** Seconds since the epoch, with nanoseconds as fraction text: "1700000000.123456789". */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly timestamps: boolean;
  /** Known from an inspect: raw stream instead of frames. */
  readonly tty: boolean;
}

export interface LogChunk {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

export interface AttachOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly logs: boolean;
  readonly tty: boolean;
  readonly detachKeys?: string | undefined;
}

/** Two directions of one hijacked connection. Ending the writer half-closes: output goes on until the engine closes. */
export interface Duplexed {
  readonly output: AsyncIterable<LogChunk>;
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  close(): void;
}

export interface ExecOptions extends Pick<Hook, "command" | "user" | "working_dir" | "environment"> {
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly privileged: boolean;
  readonly detach: boolean;
  readonly detachKeys?: string | undefined;
  readonly size?: TerminalSize | undefined;
}

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

export interface EventFilter {
  readonly project: string;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface EngineEvent {
  /** "start", "die", "health_status: healthy" … */
  readonly action: string;
  readonly containerId: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly timeNano: bigint;
}

export interface TransferProgress {
  /** Layer id; absent on lines about the whole. */
  readonly id?: string;
  readonly status: string;
  readonly current?: number;
  readonly total?: number;
}

export interface BuildRequest {
  readonly build: Build;
  readonly tags: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  /** What `secrets` of the build refer to. */
  readonly secrets: ReadonlyMap<string, FileObject>;
  /** Empty: the engine's own. */
  readonly platforms: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  /** The classic builder only. */
  readonly memoryBytes?: number | undefined;
}

export type BuildProgress =
  | {
      readonly kind: "step";
      readonly id: string;
      readonly name: string;
      readonly state: "started" | "done" | "cached" | "failed";
      readonly error?: string;
      /** How long it took, once it is done. */
      readonly seconds?: number;
    }
  /** How far a part of a step has come; `total` is 0 where nobody knows it. */
  | {
      readonly kind: "amount";
      readonly id: string;
      readonly name: string;
      readonly current: number;
      readonly total: number;
      readonly done: boolean;
    }
  /** The lines of the Dockerfile that the failure is about which comes next. */
  | {
      readonly kind: "source";
      readonly file: string;
      readonly lines: readonly { readonly number: number; readonly text: string; readonly failed: boolean }[];
    }
  | { readonly kind: "output"; readonly id?: string; readonly text: string }
  | { readonly kind: "image"; readonly id: string };
