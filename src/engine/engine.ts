import type { Diagnostic } from "../model/diagnostic.ts";
import type { ObservedContainer, ObservedImage, ObservedNetwork, ObservedVolume } from "../model/observed.ts";
import type { Network, Volume } from "../model/project.ts";
import type {
  AttachOptions,
  BuildProgress,
  BuildRequest,
  CommitOptions,
  ConnectNetwork,
  ContainerDetails,
  ContainerFilter,
  CreateContainer,
  Duplexed,
  EngineEvent,
  EngineInfo,
  EventFilter,
  ExecOptions,
  LogChunk,
  LogOptions,
  PathStat,
  ResourceFilter,
  ResourceUse,
  TerminalSize,
  TransferProgress,
} from "./values.ts";

export type * from "./values.ts";

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
