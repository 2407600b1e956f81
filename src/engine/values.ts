// What goes into the calls of an engine, and what comes out of them.
import type { ContainerState, Health } from "../model/observed.ts";
import type { OneOffContainer } from "../model/plan.ts";
import type { Build, FileObject, Hook, Project, Service } from "../model/project.ts";

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
  /** Its own grace period; absent: the engine's. */
  readonly stopTimeoutSeconds?: number;
  /** The engine does not tell reliably of changes by events: who waits has to look. */
  readonly silent?: boolean;
  /** The engine's whole answer, for what only one verb needs. */
  readonly raw: unknown;
}

/** Everything that body/container.ts needs to write the body of a create call. */
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
