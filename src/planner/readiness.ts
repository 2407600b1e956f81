import { imageKey, imageName } from "../model/names.ts";
import type { AwaitCondition } from "../model/plan.ts";
import type { Dependency, Service } from "../model/project.ts";
import type { Decision, Replica } from "./decide.ts";
import { dependencies } from "./order.ts";
import { present } from "./present.ts";
import { containerRow, replicaRef, sentenceList, type Scene } from "./scene.ts";

/** What is known of services whose start was planned already. */
export interface Started {
  /** Replica → its last step; absent: it needs none. */
  readonly last: Map<Replica, number>;
  /** Service → steps after which it counts as started, where it has none itself those of what it depends on. */
  readonly services: Map<string, readonly number[]>;
  /** Services of which a container that was there gets a new process. */
  readonly again: Set<string>;
  /** "web 1 healthy" → the step that waits for it. */
  readonly awaits: Map<string, number | undefined>;
}

/** The steps after which a service may start: what it depends on is started, healthy or done. */
export function prerequisites(scene: Scene, started: Started, service: Service): readonly number[] {
  return dependencies(scene.project.services, service).flatMap((name) => {
    const dependency = service.depends_on?.get(name);
    const decision = scene.decisions.get(name);
    if (dependency === undefined || decision === undefined) return [];
    return dependencySteps(scene, started, decision, { dependency, dependent: service });
  });
}

interface Edge {
  readonly dependency: Dependency;
  readonly dependent: Service;
}

function dependencySteps(scene: Scene, started: Started, decision: Decision, edge: Edge): readonly number[] {
  const { service, replicas } = decision;
  const { condition, required } = edge.dependency;
  const order = started.services.get(service.name) ?? [];
  if (service.provider !== undefined || replicas.length === 0) return order;
  if (condition === "service_healthy") reportNoHealthcheck(scene, service, edge);
  const until = conditions[condition];
  // Ordering alone needs no step of its own, unless a failure must not matter.
  if (until === "running" && (required || order.length === 0)) return order;
  const waited = until === "completed" ? replicas.slice(0, 1) : replicas;
  const cause = dependentsText(scene, service.name, condition);
  const waits = waited.map((replica) =>
    awaitStep(scene, started, { service, replica, until, cause, optional: !required }),
  );
  return required ? [...order, ...present(...waits)] : present(...waits);
}

const conditions: Readonly<Record<Dependency["condition"], AwaitCondition>> = {
  service_started: "running",
  service_healthy: "healthy",
  service_completed_successfully: "completed",
};

interface Wait {
  readonly service: Service;
  readonly replica: Replica;
  readonly until: AwaitCondition;
  readonly cause: string;
  readonly optional: boolean;
}

/** Once per container and condition, however many depend on it; undefined when the condition holds already. */
export function awaitStep(scene: Scene, started: Started, wait: Wait): number | undefined {
  const { plan, options } = scene;
  const { service, replica, until, cause, optional } = wait;
  const key = `${service.name} ${replica.number} ${until} ${optional}`;
  if (started.awaits.has(key)) return started.awaits.get(key);
  const last = started.last.get(replica);
  const settled = last === undefined && isSettled(replica, until);
  const timeoutMs = options.waitTimeoutMs;
  const step = settled
    ? undefined
    : plan.add({
        kind: "container.await",
        after: present(last),
        resource: containerRow(replica.name),
        cause,
        container: replicaRef(scene, service, replica),
        until,
        ...(timeoutMs !== undefined && { timeoutMs }),
        optional,
      });
  started.awaits.set(key, step);
  return step;
}

/** The list of containers tells health, and roughly for how long one has been up: "Up 2 seconds". */
function isSettled({ stays }: Replica, until: AwaitCondition): boolean {
  if (stays?.state !== "running") return false;
  if (until === "running") return true;
  if (until === "completed") return false;
  if (stays.health !== "none") return stays.health === "healthy";
  return until === "running_or_healthy" && !/^Up (Less than|1 second\b)/.test(stays.status);
}

/** A wait for health that can never be told is refused, not waited for. */
function reportNoHealthcheck({ project, observed, plan }: Scene, service: Service, { dependent }: Edge): void {
  const image = observed.images.get(imageKey(imageName(project, service), service.platform));
  const { test, disable } = service.healthcheck ?? {};
  const none = disable === true || test?.[0] === "NONE" || (test === undefined && image?.healthcheck === false);
  if (!none) return;
  plan.problem({
    code: "no-healthcheck",
    message: `service "${dependent.name}" waits for "${service.name}" to be healthy, but "${service.name}" has no health check`,
    path: `services.${dependent.name}.depends_on.${service.name}`,
    hint: `give "${service.name}" a healthcheck, or depend on it with condition: service_started`,
  });
}

function dependentsText({ decisions }: Scene, name: string, condition: Dependency["condition"]): string {
  const names = [...decisions.values()]
    .filter(({ service }) => service.depends_on?.get(name)?.condition === condition)
    .map(({ service }) => service.name)
    .sort();
  return `${sentenceList(names)} ${names.length === 1 ? "depends" : "depend"} on it`;
}

/** Somebody depends on it with `service_completed_successfully`: it is a job, not a daemon. */
export function isJob({ decisions }: Scene, name: string): boolean {
  return [...decisions.values()].some(
    ({ service }) => service.depends_on?.get(name)?.condition === "service_completed_successfully",
  );
}
