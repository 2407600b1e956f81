import { UsageError } from "../model/error.ts";
import type { Project } from "../model/project.ts";
import { planStart } from "../planner/start.ts";
import { change } from "./change.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { startedProject } from "./known-project.ts";

export interface StartOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Done only when everything runs, or is healthy. */
  readonly wait: boolean;
  /** How long `wait` waits; absent or 0: as long as it takes. */
  readonly waitTimeoutSeconds?: number | undefined;
}

export async function start(context: ActionContext, options: StartOptions): Promise<ChangeResult> {
  const { wait, waitTimeoutSeconds } = options;
  // 0 means as long as it takes.
  const waitTimeoutMs =
    waitTimeoutSeconds === undefined || waitTimeoutSeconds === 0 ? undefined : waitTimeoutSeconds * 1000;
  return change(context, {
    verb: "start",
    project: () => startProject(context, options.services),
    interest: {},
    plan: (project, observed) => planStart(project, observed, { wait, waitTimeoutMs }),
  });
}

/** Named services and what they depend on. */
async function startProject(context: ActionContext, services: readonly string[]): Promise<Project> {
  const project = await startedProject(context, services);
  // Known by its name only, and nothing is there: as with a file, that is no success.
  if (project.services.size === 0 && project.files.length === 0)
    throw new UsageError(`no container found for project "${project.name}"`);
  if (services.length === 0) return project;
  const wanted = new Set(services);
  // A set grows while it is walked, and the walk goes on to what was added.
  for (const name of wanted) for (const on of project.services.get(name)?.depends_on?.keys() ?? []) wanted.add(on);
  return { ...project, services: new Map([...project.services].filter(([name]) => wanted.has(name))) };
}
