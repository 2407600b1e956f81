import type { ComposeDocument } from "../model/compose-document.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { OutputLine, OutputSource } from "../model/output.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import type { Json } from "../model/values.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import type { DownOptions } from "./down.ts";
import type { LogsOptions } from "./logs.ts";
import { type OpenContext, type OpenOptions, openContext } from "./open.ts";
import type { PsOptions } from "./ps.ts";
import type { RestartOptions } from "./restart.ts";
import type { StopOptions } from "./stop.ts";
import type { UpOptions } from "./up.ts";

export interface ComposeOptions extends Partial<Omit<OpenOptions, "source">> {
  /** Where default file names are looked for; absent: the working folder of the process. */
  readonly cwd?: string;
  readonly files?: readonly string[];
  /** A project without a file: what a file would say. */
  readonly document?: ComposeDocument;
  readonly projectName?: string;
  readonly profiles?: readonly string[];
  readonly envFiles?: readonly string[];
  /** What `${…}` sees; absent: the environment of the process. */
  readonly environment?: ReadonlyMap<string, string>;
}

type Detached = Partial<Omit<UpOptions, "attached">>;

/** A promise when it is slow: nothing more comes before that resolves. */
type OnLines = (output: {
  readonly source: OutputSource;
  readonly lines: readonly OutputLine[];
}) => Promise<void> | undefined;

/** A project in the hands of a program. Disposing of it takes it down; `close` leaves it running. */
export interface Compose extends AsyncDisposable {
  project(): Promise<Project>;
  /** What `up` would do, and why. */
  plan(options?: Detached): Promise<Plan>;
  up(options?: Detached): Promise<ChangeResult>;
  down(options?: Partial<DownOptions>): Promise<ChangeResult>;
  stop(options?: Partial<StopOptions>): Promise<ChangeResult>;
  restart(options?: Partial<RestartOptions>): Promise<ChangeResult>;
  ps(options?: Partial<PsOptions>): Promise<readonly ObservedContainer[]>;
  /** Resolves when the last line was taken. */
  logs(onLines: OnLines, options?: Partial<Omit<LogsOptions, "onOutput">>): Promise<void>;
  close(): Promise<void>;
}

/** Nothing is read and no engine is called before something is asked of it. */
export async function openCompose(options: ComposeOptions = {}): Promise<Compose> {
  const { cwd, files, document, projectName, profiles, envFiles, environment, ...given } = options;
  const source = {
    cwd: cwd ?? process.cwd(),
    environment: environment ?? processEnvironment(),
    ...(files !== undefined && { files }),
    // What a person may write as a document is plain data.
    ...(document !== undefined && { document: document as unknown as Json }),
    ...(projectName !== undefined && { projectName }),
    ...(profiles !== undefined && { profiles }),
    ...(envFiles !== undefined && { envFiles }),
  };
  const opened = openContext({ ...given, source });
  return { ...verbs(opened.context), close: () => opened.close(), [Symbol.asyncDispose]: () => dispose(opened) };
}

function verbs(context: ActionContext): Omit<Compose, "close" | typeof Symbol.asyncDispose> {
  const bringUp = async (on: ActionContext, options: Detached = {}): Promise<ChangeResult> =>
    (await import("./up.ts")).up(on, { ...upDefaults, ...options });
  return {
    project: () => context.project(),
    plan: async (options) => (await bringUp({ ...context, dryRun: true }, options)).plan,
    up: (options) => bringUp(context, options),
    down: async (options = {}) =>
      (await import("./down.ts")).down(context, { services: [], removeOrphans: false, volumes: false, ...options }),
    stop: async (options = {}) => (await import("./stop.ts")).stop(context, { services: [], ...options }),
    restart: async (options = {}) =>
      (await import("./restart.ts")).restart(context, { services: [], noDeps: false, ...options }),
    ps: async (options = {}) =>
      (await import("./ps.ts")).ps(context, { services: [], all: false, status: [], orphans: true, ...options }),
    logs: async (onLines, options = {}) =>
      (await import("./logs.ts")).logs(context, {
        services: [],
        follow: false,
        ...options,
        onOutput: (output) => (output.kind === "lines" ? onLines(output) : undefined),
      }),
  };
}

const upDefaults: UpOptions = {
  services: [],
  build: false,
  noBuild: false,
  quietPull: false,
  forceRecreate: false,
  noRecreate: false,
  removeOrphans: false,
  scale: new Map(),
  alwaysRecreateDeps: false,
  renewAnonVolumes: false,
  noDeps: false,
  noStart: false,
  quietBuild: false,
  wait: false,
};

/** `await using` is for tests and scripts: what they brought up goes with them. Volumes stay, as with `down`. */
async function dispose(opened: OpenContext): Promise<void> {
  const { down } = await import("./down.ts");
  try {
    await down(opened.context, { services: [], removeOrphans: false, volumes: false });
  } finally {
    await opened.close();
  }
}

function processEnvironment(): ReadonlyMap<string, string> {
  return new Map(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
