import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import { planBuilder } from "./builder.ts";
import { containersOf, isChosen } from "./members.ts";
import { findOrphans } from "./orphans.ts";
import { containerRow, existingRef } from "./scene.ts";
import { isAlive, removeSteps } from "./stopping.ts";

/** What happens at once, to all chosen containers alike: kill, which finds one-offs, too, pause and unpause. */

export interface KillOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly signalName: string;
  readonly removeOrphans: boolean;
}

export function planKill(project: Project, observed: ObservedState, options: KillOptions): Plan {
  const plan = planBuilder();
  const alive = chosen(project, observed, { ...options, kind: "with one-offs" }).filter((each) => isAlive(each));
  for (const container of alive) {
    plan.add({
      kind: "container.kill",
      ...common(container),
      signal: options.signalName,
    });
  }
  const orphans = options.removeOrphans ? findOrphans(project, observed.containers) : [];
  for (const container of orphans) {
    removeSteps(plan, { container, cause: `no service "${container.service}" in the file`, after: [], volumes: false });
  }
  if (alive.length + orphans.length === 0) plan.warn("no container to kill");
  return plan.finish();
}

export function planPause(project: Project, observed: ObservedState, services: readonly string[]): Plan {
  const plan = planBuilder();
  for (const container of chosen(project, observed, { services })) {
    if (container.state === "running") plan.add({ kind: "container.pause", ...common(container) });
    else if (container.state === "paused") plan.unchanged(containerRow(container.name), "Paused");
  }
  return plan.finish();
}

export function planUnpause(project: Project, observed: ObservedState, services: readonly string[]): Plan {
  const plan = planBuilder();
  for (const container of chosen(project, observed, { services })) {
    if (container.state === "paused") plan.add({ kind: "container.unpause", ...common(container) });
    else if (container.state === "running") plan.unchanged(containerRow(container.name), "Running");
  }
  return plan.finish();
}

function chosen(
  project: Project,
  observed: ObservedState,
  { services, kind }: { readonly services: readonly string[]; readonly kind?: "with one-offs" },
): readonly ObservedContainer[] {
  const names = [...project.services.keys()].filter((name) => isChosen(services, name)).sort();
  return names.flatMap((name) => containersOf(observed, name, kind));
}

function common(container: ObservedContainer): {
  readonly after: readonly number[];
  readonly resource: string;
  readonly cause: string;
  readonly container: ReturnType<typeof existingRef>;
} {
  return { after: [], resource: containerRow(container.name), cause: "asked for", container: existingRef(container) };
}
