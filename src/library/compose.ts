import type { ProjectEvent } from "../actions/events.ts";
import type { ContainerImage } from "../actions/images.ts";
import type { ContainerProcesses } from "../actions/top.ts";
import type { ObservedContainer, ObservedPort, ObservedVolume } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import type { CommandResult } from "./captured.ts";
import type { Change } from "./change.ts";
import type {
  BuildCall,
  CallOptions,
  ConfigCall,
  CreateCall,
  DownCall,
  EventsCall,
  ExecCall,
  KillCall,
  LogsCall,
  PortCall,
  PsCall,
  PullCall,
  PushCall,
  RestartCall,
  RmCall,
  Scale,
  ScaleCall,
  ServicesCall,
  StartCall,
  StopCall,
  UpCall,
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

  build(options?: BuildCall): Change;
  pull(options?: PullCall): Change;
  push(options?: PushCall): Change;

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

  /** Runs a command in a running container. */
  exec(service: string, command: readonly string[], options?: ExecCall): Promise<CommandResult>;

  /** Lets go of the engine, and leaves everything as it is. */
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
