import type { BuildOptions } from "../actions/build.ts";
import type { CommitServiceOptions } from "../actions/commit.ts";
import type { ConfigOptions } from "../actions/config.ts";
import type { CopyOptions } from "../actions/cp.ts";
import type { CreateOptions } from "../actions/create.ts";
import type { DownOptions } from "../actions/down.ts";
import type { EventsOptions } from "../actions/events.ts";
import type { ExecOptions } from "../actions/exec.ts";
import type { ExportOptions } from "../actions/export.ts";
import type { LogsOptions } from "../actions/logs.ts";
import type { PortOptions } from "../actions/port.ts";
import type { PsOptions } from "../actions/ps.ts";
import type { PublishOptions } from "../actions/publish.ts";
import type { PullOptions } from "../actions/pull.ts";
import type { PushOptions } from "../actions/push.ts";
import type { RestartOptions } from "../actions/restart.ts";
import type { RmOptions } from "../actions/rm.ts";
import type { RunOptions } from "../actions/run.ts";
import type { StartOptions } from "../actions/start.ts";
import type { StatsOptions } from "../actions/stats.ts";
import type { StopOptions } from "../actions/stop.ts";
import type { UpOptions } from "../actions/up.ts";
import type { WatchVerbOptions } from "../actions/watch.ts";
import type { Engine } from "../engine/engine.ts";
import type { ComposeDocument } from "../model/compose-document.ts";
import type { Report } from "../model/diagnostic.ts";
import type { OnEvent } from "../model/event.ts";
import type { Confirmation } from "../model/plan.ts";
import type { CommandInput } from "./captured.ts";

export interface ComposeOptions {
  /** Where files are looked for, and what relative paths start from; absent: the working folder of the process. */
  readonly cwd?: string;
  /** Compose files, in YAML or in TypeScript; later ones override earlier ones. Absent: COMPOSE_FILE, else the usual names. */
  readonly files?: readonly string[];
  /** A project without a file: what a file would say. `files`, where there are any as well, override it. */
  readonly document?: ComposeDocument;
  /** What relative paths start from; absent: the folder of the first file. */
  readonly projectDirectory?: string;
  /** Absent: COMPOSE_PROJECT_NAME, else the document's `name`, else the folder's. */
  readonly projectName?: string;
  /** Which are active; absent: COMPOSE_PROFILES. */
  readonly profiles?: readonly string[];
  /** Instead of `.env`. */
  readonly envFiles?: readonly string[];
  /** What `${…}` sees, and where the engine is looked for; absent: the environment of the process as it is now. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Which engine, or one that you have connected to and close yourself; absent: the one that `docker` would use. */
  readonly engine?: Engine | EngineAddress;
  /** Ends every call. Taking the project down when it is disposed of is still done. */
  readonly signal?: AbortSignal;
  /** Progress of all calls. */
  readonly onEvent?: OnEvent;
  /** What a compose file that is a program writes to its output; absent: nobody sees it. */
  readonly onPrinted?: (text: string) => void;
  /** What the loader finds worth a word. */
  readonly onWarning?: Report;
  /** The answer to questions such as "recreate the volume?"; absent: no. */
  readonly confirm?: (question: Confirmation) => Promise<boolean>;
  /** How many steps may run at once. */
  readonly parallel?: number;
  /**
   * Where a host port is not free, another one is used, which stays the same for this folder. Absent: containers keep
   * what they were given; false: the file's ports.
   */
  readonly autoPorts?: boolean;
  /** Names with "_", as docker-compose 1 had them. */
  readonly compatibility?: boolean;
}

export interface EngineAddress {
  /** "unix:///var/run/docker.sock", "tcp://…", "ssh://…" */
  readonly host?: string;
  /** A context of the docker CLI. */
  readonly context?: string;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends this call, which then rejects with a CancelledError. */
  readonly signal?: AbortSignal;
  /** Progress of this call. */
  readonly onEvent?: OnEvent;
}

/** Service → how many containers. */
export type Scale = Readonly<Record<string, number>>;

export interface UpCall extends CallOptions, Partial<Omit<UpOptions, "attached" | "scale">> {
  /** Service → how many containers. */
  readonly scale?: Scale;
}
export interface CreateCall extends CallOptions, Partial<Omit<CreateOptions, "scale">> {
  /** Service → how many containers. */
  readonly scale?: Scale;
}
export interface DownCall extends CallOptions, Partial<DownOptions> {}
export interface StartCall extends CallOptions, Partial<StartOptions> {}
export interface StopCall extends CallOptions, Partial<StopOptions> {}
export interface RestartCall extends CallOptions, Partial<RestartOptions> {}
export interface KillCall extends CallOptions {
  /** Empty or absent: all. */
  readonly services?: readonly string[];
  /** "SIGKILL" unless given. */
  readonly signalName?: string;
  /** Containers of services that the file no longer has, too. */
  readonly removeOrphans?: boolean;
}
export interface RmCall extends CallOptions, Partial<RmOptions> {}
export interface ScaleCall extends CallOptions {
  /** Leave alone what the services depend on. */
  readonly noDeps?: boolean;
}
export interface ServicesCall extends CallOptions {
  /** Empty or absent: all. */
  readonly services?: readonly string[];
}
export interface BuildCall extends CallOptions, Partial<BuildOptions> {}
export interface PullCall extends CallOptions, Partial<PullOptions> {}
export interface PushCall extends CallOptions, Partial<PushOptions> {}
export interface PublishCall extends CallOptions, Partial<Omit<PublishOptions, "reference">> {}
export interface PsCall extends CallOptions, Partial<PsOptions> {}
export interface LogsCall extends CallOptions, Partial<Omit<LogsOptions, "onOutput">> {}
export interface EventsCall extends CallOptions, Partial<EventsOptions> {}
export interface PortCall extends CallOptions, Partial<Omit<PortOptions, "service" | "target">> {}
export interface ConfigCall extends CallOptions, Partial<ConfigOptions> {}
export interface RunCall
  extends
    CallOptions,
    CommandInput,
    Partial<Omit<RunOptions, "service" | "command" | "tty" | "interactive" | "window" | "environment">> {
  /** Added to the container's own. */
  readonly env?: Readonly<Record<string, string>>;
}
export interface AttachCall extends CallOptions, CommandInput {
  /** Which container; absent: the one with the lowest number. */
  readonly index?: number;
}
export interface CopyCall extends CallOptions, Partial<Omit<CopyOptions, "source" | "destination">> {}
export interface ExportCall extends CallOptions, Partial<Omit<ExportOptions, "service" | "output">> {}
export interface CommitCall extends CallOptions, Partial<Omit<CommitServiceOptions, "service">> {}
export interface StatsCall extends CallOptions, Partial<StatsOptions> {}
export interface WatchCall extends CallOptions, Partial<WatchVerbOptions> {}
export interface ExecCall
  extends CallOptions, CommandInput, Partial<Omit<ExecOptions, "service" | "command" | "tty" | "io" | "environment">> {
  /** Added to the container's own. */
  readonly env?: Readonly<Record<string, string>>;
}
