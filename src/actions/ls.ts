import { composeLabels } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { ActionContext } from "./context.ts";
import { listOwn } from "./own-containers.ts";

export interface LsOptions {
  /** Projects of which nothing runs, too. */
  readonly all: boolean;
  readonly name?: RegExp | undefined;
}

export interface ListedProject {
  readonly name: string;
  /** State → how many containers are in it, by state. */
  readonly states: ReadonlyMap<string, number>;
  readonly configFiles: readonly string[];
}

/** The projects of this engine, by name. */
export async function ls(context: ActionContext, options: LsOptions): Promise<readonly ListedProject[]> {
  const engine = await context.engine();
  const containers = await listOwn(engine, { all: options.all }, context.signal);
  const projects = new Map<string, ObservedContainer[]>();
  for (const each of containers) projects.set(each.project, [...(projects.get(each.project) ?? []), each]);
  return [...projects]
    .filter(([name]) => name !== "" && (options.name?.test(name) ?? true))
    .map(([name, members]) => describe(name, members))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function describe(name: string, members: readonly ObservedContainer[]): ListedProject {
  const states = new Map<string, number>();
  for (const state of members.map((each) => each.state).toSorted()) states.set(state, (states.get(state) ?? 0) + 1);
  const files = members.flatMap(({ labels }) => labels.get(composeLabels.configFiles)?.split(",") ?? []);
  return { name, states, configFiles: [...new Set(files)].filter((file) => file !== "") };
}
