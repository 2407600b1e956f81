import type { Committed } from "../actions/commit.ts";
import type { ProjectEvent } from "../actions/events.ts";
import type { ExportOptions } from "../actions/export.ts";
import type { ContainerImage } from "../actions/images.ts";
import type { PublishResult } from "../actions/publish.ts";
import type { ContainerStats } from "../actions/stats.ts";
import type { ContainerProcesses } from "../actions/top.ts";
import type { WaitedExit } from "../actions/wait.ts";
import type { ObservedContainer, ObservedPort, ObservedVolume } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import type { CommandResult } from "./captured.ts";
import type { Change } from "./change.ts";
import type {
  AttachCall,
  BuildCall,
  CallOptions,
  CommitCall,
  ConfigCall,
  CopyCall,
  CreateCall,
  DownCall,
  EventsCall,
  ExecCall,
  ExportCall,
  KillCall,
  LogsCall,
  PortCall,
  PsCall,
  PublishCall,
  PullCall,
  PushCall,
  RestartCall,
  RmCall,
  RunCall,
  Scale,
  ScaleCall,
  ServicesCall,
  StartCall,
  StatsCall,
  StopCall,
  UpCall,
  WatchCall,
} from "./options.ts";

/**
 * A project in the hands of a program. Files are read anew by every call, so what changed meanwhile counts. Disposing
 * of it takes the project down; `close` leaves it running.
 */
export interface Compose extends AsyncDisposable {
  /** The project as the files say it. */
  project(options?: CallOptions): Promise<Project>;
  /** The project as a YAML document, like `tscompose config`. */
  config(options?: ConfigCall): Promise<string>;
  /** What `up` would do, and why. Nothing is changed. */
  plan(options?: UpCall): Promise<Plan>;

  up(options?: UpCall): Change;
  create(options?: CreateCall): Change;
  down(options?: DownCall): Change;
  start(options?: StartCall): Change;
  stop(options?: StopCall): Change;
  restart(options?: RestartCall): Change;
  pause(options?: ServicesCall): Change;
  unpause(options?: ServicesCall): Change;
  kill(options?: KillCall): Change;
  rm(options?: RmCall): Change;
  scale(scale: Scale, options?: ScaleCall): Change;
  /** Brings it up and keeps the containers like their files, until `stop` is aborted: that is no failure. */
  watch(options?: WatchCall): Change;

  build(options?: BuildCall): Change;
  pull(options?: PullCall): Change;
  push(options?: PushCall): Change;
  /** Puts the project into a registry, from where `files: ["oci://…"]` reads it. */
  publish(reference: string, options?: PublishCall): Promise<PublishResult>;

  ps(options?: PsCall): Promise<readonly ObservedContainer[]>;
  images(options?: ServicesCall): Promise<readonly ContainerImage[]>;
  volumes(options?: ServicesCall): Promise<readonly ObservedVolume[]>;
  top(options?: ServicesCall): Promise<readonly ContainerProcesses[]>;
  /** Where on this machine a port of a container can be reached. */
  port(service: string, target: number, options?: PortCall): Promise<ObservedPort>;
  /** Lines in the order in which they were written; with `follow` until nothing runs any more. */
  logs(options?: LogsCall): AsyncIterable<LogEntry>;
  /** What happens to the containers from now on. */
  events(options?: EventsCall): AsyncIterable<ProjectEvent>;

  /** What the containers take of the machine: once, or with `stream` about once a second. */
  stats(options?: StatsCall): AsyncIterable<readonly ContainerStats[]>;

  /** Runs a command in a running container. */
  exec(service: string, command: readonly string[], options?: ExecCall): Promise<CommandResult>;
  /** Runs a command in a container of its own, which is removed after it; what the service needs is brought up. */
  run(service: string, command?: readonly string[], options?: RunCall): Promise<CommandResult>;
  /** Stays with a running container until it stops. */
  attach(service: string, options?: AttachCall): Promise<CommandResult>;
  /** How the running containers of the services end; resolves when all have. */
  wait(services: readonly string[], options?: CallOptions): Promise<readonly WaitedExit[]>;
  /** Copies files; the side that is in a container is "SERVICE:PATH". */
  cp(source: string, destination: string, options?: CopyCall): Promise<void>;
  /** A container's file system as a tar archive, into a file or to a function that takes the bytes. */
  export(service: string, output: ExportOptions["output"], options?: ExportCall): Promise<void>;
  /** Makes an image of what a container has become. */
  commit(service: string, options?: CommitCall): Promise<Committed>;

  /** Lets go of the engine, and leaves everything as it is. What is under way is cancelled. */
  close(): Promise<void>;
}

export interface LogEntry {
  readonly service: string;
  /** Its name. */
  readonly container: string;
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
  readonly text: string;
}
