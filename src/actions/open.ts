import type { Engine } from "../engine/engine.ts";
import type { LoadOptions } from "../loader/options.ts";
import type { Project } from "../model/project.ts";
import type { ActionContext } from "./context.ts";

export interface OpenContext {
  readonly context: ActionContext;
  close(): Promise<void>;
}

type Given = "source" | "connection" | "signal" | "onEvent" | "report" | "dryRun" | "parallel" | "confirm";

export interface OpenOptions extends Partial<Pick<ActionContext, Given>> {
  readonly source: LoadOptions;
}

/** Makes what an action works with; nothing is read and nobody is called before an action asks for it. */
export function openContext(given: OpenOptions): OpenContext {
  const projects = new Map<string, Promise<Project>>();
  let engine: Promise<Engine> | undefined;
  const context: ActionContext = {
    connection: {},
    signal: new AbortController().signal,
    onEvent: () => {},
    report: () => {},
    dryRun: false,
    confirm: async () => false,
    ...given,
    project(adjust = {}) {
      const key = JSON.stringify(adjust);
      const loading = projects.get(key) ?? load(context, adjust);
      projects.set(key, loading);
      return loading;
    },
    engine: () => (engine ??= connectTo(context)),
  };
  return {
    context,
    async close() {
      await (await engine?.catch(() => undefined))?.close();
    },
  };
}

const pending = { load: "../loader/load.ts", connect: "../engine/connect.ts" };

async function load({ source, report }: ActionContext, adjust: Partial<LoadOptions>): Promise<Project> {
  const { loadProject } = (await import(pending.load)) as { loadProject: (...args: unknown[]) => Promise<Project> };
  return loadProject({ ...source, ...adjust }, report);
}

async function connectTo({ source, connection, signal }: ActionContext): Promise<Engine> {
  const { connect } = (await import(pending.connect)) as { connect: (...args: unknown[]) => Promise<Engine> };
  return connect({ environment: source.environment, ...connection, signal });
}
