import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Dependency, Hook, Project, Service } from "../model/project.ts";
import { planBuilder, type PlanBuilder } from "./builder.ts";
import { containersOf, isChosen } from "./members.ts";
import { startOrder } from "./order.ts";
import { containerRow, existingRef } from "./scene.ts";

export interface RestartOptions {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Only the named services, not those that want to be restarted with them. */
  readonly noDeps: boolean;
  readonly timeoutSeconds?: number | undefined;
}

/** Restarts what is there, without a look at changes of the file; with it, dependents that declare `restart: true`. */
export function planRestart(project: Project, observed: ObservedState, options: RestartOptions): Plan {
  const plan = planBuilder();
  const reasons = restartReasons(project, options);
  const ready = new Map<string, Restarted>();
  for (const name of startOrder(project.services, project.origins)) {
    const service = project.services.get(name);
    const cause = reasons.get(name);
    if (service === undefined || cause === undefined) continue;
    const after = [...restartEdges(service)].flatMap(([on, { condition }]) =>
      waitSteps(plan, ready.get(on), { condition, name }),
    );
    const containers = containersOf(observed, name);
    const last = containers.map((container) => restartSteps(plan, { container, service, cause, after, options }));
    ready.set(name, { containers, last, waits: new Map() });
  }
  return plan.finish();
}

/** Services to restart → why; a dependent follows what it depends on, however long the way. */
function restartReasons(project: Project, { services, noDeps }: RestartOptions): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const name of startOrder(project.services, project.origins)) {
    const service = project.services.get(name);
    if (service === undefined) continue;
    const parent = noDeps ? undefined : [...restartEdges(service).keys()].find((each) => reasons.has(each));
    if (isChosen(services, name)) reasons.set(name, "asked for");
    else if (parent !== undefined) reasons.set(name, `${parent} is restarted`);
  }
  return reasons;
}

function restartEdges({ depends_on }: Service): ReadonlyMap<string, Dependency> {
  return new Map([...(depends_on ?? [])].filter(([, { restart }]) => restart === true));
}

interface Restarted {
  readonly containers: readonly ObservedContainer[];
  /** Of each container. */
  readonly last: readonly number[];
  readonly waits: Map<Dependency["condition"], readonly number[]>;
}

/** The steps after which the condition holds; a wait is planned once, for the first who needs it. */
function waitSteps(
  plan: PlanBuilder,
  restarted: Restarted | undefined,
  { condition, name }: { readonly condition: Dependency["condition"]; readonly name: string },
): readonly number[] {
  if (restarted === undefined) return [];
  const { containers, last, waits } = restarted;
  if (condition === "service_started") return last;
  const until = condition === "service_healthy" ? ("healthy" as const) : ("completed" as const);
  const known = waits.get(condition);
  const steps =
    known ??
    containers.map((container, index) =>
      plan.add({
        kind: "container.await",
        after: last.slice(index, index + 1),
        resource: containerRow(container.name),
        cause: `${name} depends on it`,
        container: existingRef(container),
        until,
        optional: false,
      }),
    );
  waits.set(condition, steps);
  return steps;
}

function restartSteps(
  plan: PlanBuilder,
  {
    container,
    service,
    cause,
    after,
    options,
  }: {
    readonly container: ObservedContainer;
    readonly service: Service;
    readonly cause: string;
    readonly after: readonly number[];
    readonly options: RestartOptions;
  },
): number {
  const ref = existingRef(container);
  const resource = containerRow(container.name);
  const { timeoutSeconds } = options;
  const hooks = (
    list: readonly Hook[] | undefined,
    phase: "pre_stop" | "post_start",
    before: readonly number[],
  ): readonly number[] =>
    (list ?? []).reduce<readonly number[]>(
      (last, hook) => [
        plan.add({
          kind: "hook.exec",
          after: last,
          resource,
          cause: `${phase} hook`,
          container: ref,
          hook,
          phase,
          service: service.name,
        }),
      ],
      before,
    );
  const stopping = container.state === "running" ? hooks(service.pre_stop, "pre_stop", after) : after;
  const restart = plan.add({
    kind: "container.restart",
    after: stopping,
    resource,
    cause,
    container: ref,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  });
  return hooks(service.post_start, "post_start", [restart])[0] ?? restart;
}
