import { injectsFiles } from "../model/injected.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { ContainerRef } from "../model/plan.ts";
import type { Hook, Service } from "../model/project.ts";
import { namespaceParents } from "../model/references.ts";
import type { Decision, Replica } from "./decide.ts";
import { discardHooks } from "./interrupt.ts";
import { publishesRange } from "./ports.ts";
import { present } from "./present.ts";
import { awaitStep, isJob, prerequisites, type Started } from "./readiness.ts";
import { containerRow, existingRef, replicaRef, type Scene } from "./scene.ts";
import { isAlive, removeSteps } from "./stopping.ts";

/** In dependency order: each new container takes the place of its old one and starts, once it may. */
export function addStarts(scene: Scene): Started {
  const started: Started = { last: new Map(), services: new Map(), again: new Set(), awaits: new Map() };
  for (const name of scene.order) {
    const decision = scene.decisions.get(name);
    if (decision !== undefined) addService(scene, started, decision);
  }
  if (scene.options.start && scene.options.wait) addFinalWaits(scene, started);
  return started;
}

/** What one replica needs before it can run. */
interface Launch {
  readonly service: Service;
  readonly replica: Replica;
  readonly before: readonly number[];
}

function addService(scene: Scene, started: Started, decision: Decision): void {
  const { service, replicas } = decision;
  const before = scene.options.start ? prerequisites(scene, started, service) : [];
  const launches = replicas.map((replica) => ({ service, replica, before }));
  const inPlace = new Map(launches.map((launch) => [launch.replica, takePlace(scene, launch)]));
  const prepared = scene.options.start ? addPreStart(scene, { decision, before, inPlace }) : [];
  let ranged: readonly number[] = [];
  // A command runs beside these, whatever they do: also if they are paused.
  const areLeft = service.name === scene.options.oneOff?.service;
  for (const launch of areLeft ? [] : launches) {
    const placed = inPlace.get(launch.replica) ?? [];
    const last = scene.options.start
      ? startReplica(scene, started, { ...launch, before: [...before, ...placed, ...prepared, ...ranged] })
      : placed.at(-1);
    if (last !== undefined) started.last.set(launch.replica, last);
    else if (launch.replica.stays !== undefined) reportUnchanged(scene, launch.replica, launch.replica.stays);
    if (publishesRange(service)) ranged = present(last);
  }
  const ends = present(
    ...replicas.map((replica) => started.last.get(replica)),
    scene.marks.providers.get(service.name),
  );
  started.services.set(service.name, ends.length > 0 ? ends : before);
}

/** The old container goes, the new one gets the name. Returns the step after which the replica is what it should be. */
function takePlace(scene: Scene, { service, replica, before }: Launch): readonly number[] {
  const { plan, marks } = scene;
  const created = present(marks.created.get(replica));
  const { replaces } = replica;
  const isGone = replaces === undefined || marks.removed.has(replaces.id);
  if (isGone && !replica.renames) return created;
  const removed = isGone ? [] : [removeOld(scene, replaces, [...created, ...before])];
  const renamed = plan.add({
    kind: "container.rename",
    after: [...created, ...removed],
    resource: containerRow(replica.name),
    cause: replica.creation === undefined ? "an interrupted replacement is finished" : "takes the place of the old one",
    container: replicaRef(scene, service, replica),
    to: replica.name,
  });
  return [renamed];
}

function removeOld({ plan, marks, options }: Scene, old: ObservedContainer, after: readonly number[]): number {
  const stopped = marks.stopped.get(old.id);
  const gone = { container: existingRef(old), volumes: false };
  const resource = containerRow(old.name);
  const cause = "replaced";
  if (stopped !== undefined) {
    return plan.add({ kind: "container.remove", after: [...after, stopped], resource, cause, ...gone });
  }
  const { timeoutSeconds } = options;
  const before = [...after, ...(marks.stopsFirst.get(old.id) ?? [])];
  const removal = { container: old, cause, after: before, timeoutSeconds, volumes: false };
  return removeSteps(plan, removal).removed;
}

/** Returns the last step; undefined: it runs already. */
function startReplica(scene: Scene, started: Started, { service, replica, before }: Launch): number | undefined {
  const { plan, marks } = scene;
  const reason = startReason(scene, replica);
  const container = replicaRef(scene, service, replica);
  const resource = containerRow(replica.name);
  if (reason === undefined) {
    const parent = namespaceParents(service).find((name) => started.again.has(name));
    if (parent === undefined) return undefined;
    // Who runs in a namespace of this one loses it in turn.
    started.again.add(service.name);
    const cause = `runs in a namespace of ${parent}, which is started again`;
    const restart = plan.add({ kind: "container.restart", after: before, resource, cause, container });
    return addPostStarts(scene, container, service, restart);
  }
  const freed = marks.freed.get(replica) ?? [];
  const id = replica.stays?.id ?? "";
  const stopped = marks.stopped.get(id);
  const after = [...before, ...freed, ...(marks.reconnected.get(id) ?? []), ...present(stopped)];
  if (replica.stays?.state === "paused" && stopped === undefined) {
    return plan.add({ kind: "container.unpause", after, resource, cause: reason, container });
  }
  const files = injectsFiles(scene.project, service)
    ? [plan.add({ kind: "container.files", after, resource, cause: "its secrets and configs", container, service })]
    : after;
  if (replica.stays !== undefined) started.again.add(service.name);
  const start = plan.add({ kind: "container.start", after: files, resource, cause: reason, container });
  return addPostStarts(scene, container, service, start);
}

function addPostStarts(scene: Scene, container: ContainerRef, { post_start = [] }: Service, start: number): number {
  return post_start.reduce((last, hook) => addPostStart(scene, { container, hook, last }), start);
}

function startReason({ marks }: Scene, { stays, creation }: Replica): string | undefined {
  if (creation !== undefined || stays === undefined) return "created";
  const interrupted = marks.interrupted.get(stays.id);
  if (interrupted !== undefined) return interrupted;
  switch (stays.state) {
    case "running":
    case "restarting":
      return undefined;
    case "paused":
      return "paused";
    case "created":
      return "created";
    case "exited":
    case "dead":
    case "removing":
      return stays.exitCode === undefined ? "stopped" : `exited with code ${stays.exitCode}`;
  }
}

export function addPostStart(
  { plan }: Pick<Scene, "plan">,
  { container, hook, last }: { readonly container: ContainerRef; readonly hook: Hook; readonly last: number },
): number {
  return plan.add({
    kind: "hook.exec",
    after: [last],
    resource: containerRow(container.name),
    cause: "post_start hook",
    container,
    hook,
    phase: "post_start",
    service: container.service,
  });
}

/** Once for the service, in containers of their own, while none of its replicas runs. */
function addPreStart(
  scene: Scene,
  {
    decision,
    before,
    inPlace,
  }: {
    readonly decision: Decision;
    readonly before: readonly number[];
    readonly inPlace: ReadonlyMap<Replica, readonly number[]>;
  },
): readonly number[] {
  const { service, replicas } = decision;
  const [first] = replicas;
  const starts = replicas.some((replica) => startReason(scene, replica) !== undefined);
  const runs = replicas.some(
    ({ stays }) => stays !== undefined && isAlive(stays) && !scene.marks.stopped.has(stays.id),
  );
  const hooks = service.pre_start ?? [];
  if (first === undefined || !starts || runs || hooks.length === 0) return [];
  const initial = [...before, ...(inPlace.get(first) ?? []), ...discardHooks(scene, service.name)];
  return hooks.reduce<readonly number[]>(
    (after, hook, index) => [
      scene.plan.add({
        kind: "hook.run",
        after,
        resource: containerRow(first.name),
        cause: "pre_start hook",
        container: replicaRef(scene, service, first),
        hook,
        index,
        service,
      }),
    ],
    initial,
  );
}

/** `--wait`: a job is done when it ended well, anything else when it runs or is healthy. */
function addFinalWaits(scene: Scene, started: Started): void {
  for (const { service, replicas } of scene.decisions.values()) {
    const until = isJob(scene, service.name) ? "completed" : "running_or_healthy";
    for (const replica of replicas) {
      const key = `${service.name} ${replica.number}`;
      const known = ["healthy", "completed"].some((each) => started.awaits.has(`${key} ${each} false`));
      if (!known) awaitStep(scene, started, { service, replica, until, cause: "--wait", optional: false });
    }
  }
}

function reportUnchanged({ plan, options }: Scene, { name }: Replica, stays: ObservedContainer): void {
  const healthy = options.wait && stays.health === "healthy";
  const words = { running: healthy ? "Healthy" : "Running", restarting: "Restarting", created: "Created" } as const;
  const { state } = stays;
  const status = state === "running" || state === "restarting" || state === "created" ? words[state] : "Exists";
  plan.unchanged(containerRow(name), status);
}
