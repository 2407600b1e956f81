import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { ActionContext } from "../actions/context.ts";
import { openContext } from "../actions/open.ts";
import { CancelledError, ProjectError, UsageError } from "../model/error.ts";
import type { Project } from "../model/project.ts";
import type { Json } from "../model/values.ts";
import type { UnderWay } from "./change.ts";
import type { Compose } from "./compose.ts";
import { environmentOf, sharedConnection } from "./connection.ts";
import type { CallOptions, ComposeOptions } from "./options.ts";
import { type Call, verbs } from "./verbs.ts";

/** Nothing is read and no engine is called before something is asked of it. */
export async function openCompose(options: ComposeOptions = {}): Promise<Compose> {
  const { autoPorts } = options;
  return openAdapted(options, autoPorts === undefined ? undefined : autoPorts ? freePorts : ownPorts);
}

async function ownPorts(project: Project): Promise<Project> {
  return project;
}

/** With something done to the project before containers are made after it. */
export function openAdapted(options: ComposeOptions, adapt: ActionContext["adapt"]): Compose {
  // As it is now: a process may go elsewhere meanwhile, and its projects stay where they are.
  const own = sourceOf(options);
  const connection = sharedConnection(options, own.environment);
  const said = new Set<string>();
  let name: string | undefined;
  let closed = false;
  const open = (call: CallOptions, source = own): ActionContext => {
    if (closed) throw new UsageError("this project was closed");
    const { context } = openContext({
      source,
      signal: call.signal ?? new AbortController().signal,
      onEvent(event) {
        options.onEvent?.(event);
        call.onEvent?.(event);
      },
      report(warning) {
        const key = `${warning.code} ${warning.path ?? ""} ${warning.message}`;
        if (!said.has(key)) options.onWarning?.(warning);
        said.add(key);
      },
      ...(options.confirm !== undefined && { confirm: options.confirm }),
      ...(options.parallel !== undefined && { parallel: options.parallel }),
    });
    return {
      ...context,
      adapt,
      engine: () => connection.engine(),
      async project(adjust) {
        const project = await context.project(adjust);
        name = project.name;
        return project;
      },
    };
  };
  const end = new AbortController();
  const underWay: UnderWay = new Set();
  const call: Call = (given = {}) => {
    const signal = eitherSignal(end.signal, options.signal, given.signal);
    if (signal.aborted) throw new CancelledError();
    return open({ ...given, signal });
  };
  const close = async (): Promise<void> => {
    closed = true;
    end.abort();
    await Promise.allSettled(underWay);
    await connection.close();
  };
  return {
    ...verbs(call, underWay),
    close,
    async [Symbol.asyncDispose]() {
      if (closed) return;
      // What is still under way when the scope is left, by an exception say, must not bring up what goes down.
      const interrupted = underWay.size > 0;
      end.abort();
      await Promise.allSettled(underWay);
      try {
        await takeDown(open, { cwd: own.cwd, name: () => name });
        if (interrupted) {
          // The engine may have been in the middle of making something.
          await sleep(lateMs);
          await takeDown(open, { cwd: own.cwd, name: () => name });
        }
      } finally {
        await close();
      }
    },
  };
}

const lateMs = 500;

/** `await using` is for tests and scripts: what they brought up goes with them. Volumes stay, as with `down`. */
async function takeDown(
  open: (call: CallOptions, source?: ActionContext["source"]) => ActionContext,
  { cwd, name }: { readonly cwd: string; readonly name: () => string | undefined },
): Promise<void> {
  const { down } = await import("../actions/down.ts");
  const options = { services: [], removeOrphans: false, volumes: false };
  try {
    await down(open({}), options);
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    // The files are wrong by now, or always were: then nothing of it was ever brought up.
    const projectName = name();
    if (projectName === undefined) return;
    await down(open({}, { cwd, environment: new Map(), projectName }), options);
  }
}

async function freePorts(project: Project, context: ActionContext): Promise<Project> {
  const { withFreePorts } = await import("../actions/auto-ports.ts");
  return withFreePorts(project, context);
}

function sourceOf(options: ComposeOptions): ActionContext["source"] {
  const { cwd = "", files, document, projectDirectory, projectName } = options;
  const { profiles, envFiles, env, compatibility, onPrinted } = options;
  return {
    cwd: path.resolve(cwd),
    environment: environmentOf(env),
    ...(files !== undefined && { files }),
    // What a person may write as a document is plain data.
    ...(document !== undefined && { document: document as unknown as Json }),
    ...(projectDirectory !== undefined && { projectDirectory }),
    ...(projectName !== undefined && { projectName }),
    ...(profiles !== undefined && { profiles }),
    ...(envFiles !== undefined && { envFiles }),
    ...(compatibility !== undefined && { compatibility }),
    ...(onPrinted !== undefined && { onPrinted }),
  };
}

function eitherSignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}
