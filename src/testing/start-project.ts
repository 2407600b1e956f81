import path from "node:path";

import type { Engine } from "../engine/engine.ts";
import type { Compose } from "../library/compose.ts";
import { environmentOf } from "../library/connection.ts";
import { openAdapted, openCompose } from "../library/open-compose.ts";
import type { ComposeOptions, EngineAddress } from "../library/options.ts";
import type { ObservedContainer } from "../model/observed.ts";
import { explained } from "./explained.ts";
import { guard } from "./guard.ts";
import { isolated } from "./isolated.ts";
import { awaitReadiness, type Readiness } from "./readiness.ts";
import { hostOf, makeService, type TestService } from "./service.ts";
import { sweepLeftovers } from "./sweep.ts";

export interface TestProjectOptions extends Omit<
  ComposeOptions,
  "projectName" | "engine" | "autoPorts" | "confirm" | "parallel"
> {
  /** What the project's name begins with; absent: the folder's name. */
  readonly name?: string;
  readonly engine?: EngineAddress;
  /** Only these and what they need; absent: all. */
  readonly services?: readonly string[];
  /** Build images first, also where they exist. */
  readonly build?: boolean;
  /**
   * When a service can be used from here. Absent: when it is healthy and something answers at each TCP port that it
   * publishes; false: as soon as it is healthy, or runs.
   */
  readonly ready?: Readonly<Record<string, Readiness | readonly Readiness[] | false>>;
  /** How long services may take to be healthy, and then to be ready; 60 unless given. Images come before that. */
  readonly timeoutSeconds?: number;
}

/** A project that is there for tests. Disposing of it takes it down with its volumes. */
export interface TestProject extends AsyncDisposable {
  /** Nobody else's. */
  readonly name: string;
  readonly compose: Compose;
  service(name: string): TestService;
  /** Takes it down, with its volumes. */
  stop(): Promise<void>;
  /** For other processes; see `joinProject`. */
  share(): SharedProject;
}

/** What another process needs to use the project, as plain data. */
export interface SharedProject {
  readonly name: string;
  readonly engine: EngineAddress;
  readonly host: string;
  readonly services: Readonly<Record<string, readonly SharedPort[]>>;
}

export interface SharedPort {
  readonly target: number;
  readonly protocol: string;
  readonly published: number;
}

/**
 * Brings an ordinary compose file up for tests: under a name of its own and on free host ports, so that any number can
 * stand side by side. Resolves when it can be used. However this process ends, the project is taken down.
 */
export async function startProject(options: TestProjectOptions = {}): Promise<TestProject> {
  return start(options).catch((error: unknown) => {
    throw explained(error);
  });
}

async function start(options: TestProjectOptions): Promise<TestProject> {
  const { connect } = await import("../engine/connect.ts");
  const { services = [], build = false, ready = {}, timeoutSeconds = 60, name: _base, ...rest } = options;
  const environment = environmentOf(options.env);
  const engine = await connect({ environment, ...options.engine });
  const projectName = uniqueName(options);
  const guarded = guard({ projectName, engine: options.engine ?? {}, env: Object.fromEntries(environment) });
  const compose = openAdapted({ ...rest, engine, projectName }, isolated);
  const stop = stopper(projectName, engine, async () => {
    await compose.close();
    guarded.done();
  });
  try {
    // What `stop` needs is loaded now: at the end of a run a test runner may load nothing more.
    await import("../actions/down.ts");
    await sweepLeftovers(engine);
    await compose.up({ services, build, wait: true, waitTimeoutSeconds: timeoutSeconds });
    const containers = await compose.ps({ all: true });
    const shared = {
      name: projectName,
      engine: options.engine ?? {},
      host: hostOf(engine),
      services: portsOf(containers),
    };
    const project = testProject(shared, compose, stop);
    await awaitReadiness(project, { ready, timeoutSeconds, signal: options.signal });
    return project;
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** The project that another process has started and takes down, from what its `share()` gave. */
export async function joinProject(shared: SharedProject): Promise<TestProject> {
  const compose = await openCompose({ projectName: shared.name, engine: shared.engine });
  return testProject(shared, compose, () => compose.close());
}

function testProject(shared: SharedProject, compose: Compose, stop: () => Promise<void>): TestProject {
  return {
    name: shared.name,
    compose,
    service: (name) => makeService(name, shared, compose),
    share: () => shared,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** By its labels alone, and whatever was cancelled: the files may be gone or wrong by now. */
function stopper(projectName: string, engine: Engine, done: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const compose = await openCompose({ projectName, engine });
    await compose.down({ volumes: true, removeOrphans: true, timeoutSeconds: 0 });
    await done();
    await engine.close();
  };
  return () => (stopping ??= stop());
}

function portsOf(containers: readonly ObservedContainer[]): SharedProject["services"] {
  const services: Record<string, SharedPort[]> = {};
  for (const { service, ports } of containers) {
    const known = (services[service] ??= []);
    for (const { target, protocol, published } of ports) {
      const isKnown = known.some((each) => each.target === target && each.protocol === protocol);
      if (published !== undefined && !isKnown) known.push({ target, protocol, published });
    }
  }
  return services;
}

/** Says who owns it, to people who find it. */
function uniqueName({ name, cwd = process.cwd(), projectDirectory = cwd }: TestProjectOptions): string {
  const base = (name ?? path.basename(path.resolve(projectDirectory)))
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]|^[-_]+/g, "");
  const random = crypto.randomUUID().slice(0, 6);
  return `${base === "" ? "test" : base}-test-${process.pid}-${random}`;
}
