import type { Engine } from "../engine/engine.ts";
import type { LoadOptions } from "../loader/options.ts";
import type { RegistryAccess } from "../loader/remote/registry-door.ts";
import type { Project } from "../model/project.ts";
import type { ActionContext } from "./context.ts";

export interface OpenContext {
  readonly context: ActionContext;
  close(): Promise<void>;
}

type Given = "source" | "connection" | "signal" | "onEvent" | "report" | "dryRun" | "parallel" | "confirm" | "adapt";

export interface OpenOptions extends Partial<Pick<ActionContext, Given>> {
  readonly source: LoadOptions;
}

/** Makes what an action works with; nothing is read and nobody is called before an action asks for it. */
export function openContext(given: OpenOptions): OpenContext {
  const projects = new Map<string, Promise<Project>>();
  const said = new Set<string>();
  let engine: Promise<Engine> | undefined;
  const context: ActionContext = {
    connection: {},
    signal: new AbortController().signal,
    onEvent: () => {},
    report: () => {},
    dryRun: false,
    confirm: async () => false,
    ...given,
    source: { registry: registryAccess(given.source), ...given.source },
    project(adjust = {}) {
      const key = JSON.stringify(adjust);
      const loading = projects.get(key) ?? load(context, adjust, said);
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

/** What the docker config file and its helpers know of a registry; read when a registry asks. */
function registryAccess({ environment, insecureRegistries = [] }: LoadOptions): RegistryAccess {
  return {
    insecure: insecureRegistries,
    async fetch(address, options) {
      const { fetchWith } = await import("../engine/proxy/fetch.ts");
      return fetchWith(environment)(address, options);
    },
    async credentials(registry) {
      const [{ readDockerConfig }, { credentialsFor, registryOf }] = await Promise.all([
        import("../engine/docker-config.ts"),
        import("../engine/auth.ts"),
      ]);
      return credentialsFor(registryOf(`${registry}/x`), readDockerConfig(environment));
    },
  };
}

/** A project that is loaded twice, for other services, has the same warnings twice. */
async function load(
  { source, report, signal }: ActionContext,
  adjust: Partial<LoadOptions>,
  said: Set<string>,
): Promise<Project> {
  const { loadProject } = await import("../loader/project.ts");
  const { project, warnings } = await loadProject({ ...source, signal, ...adjust });
  for (const warning of warnings) {
    const key = `${warning.code} ${warning.path ?? ""} ${warning.message}`;
    if (!said.has(key)) report(warning);
    said.add(key);
  }
  return project;
}

async function connectTo({ source, connection, signal }: ActionContext): Promise<Engine> {
  const { connect } = await import("../engine/connect.ts");
  return connect({ environment: source.environment, ...connection, signal });
}
