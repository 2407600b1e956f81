import { injectsFiles } from "../model/injected.ts";
import { imageKey, imageName } from "../model/names.ts";
import type { ObservedState } from "../model/observed.ts";
import type { Service } from "../model/project.ts";
import { freeName, needs, referencesOf, reportAbsent } from "./creation.ts";
import type { Decision } from "./decide.ts";
import { reportTaken } from "./early-stops.ts";
import { containersOf } from "./members.ts";
import { publishedPorts, sharedPort, wantedPorts } from "./ports.ts";
import { present } from "./present.ts";
import { prerequisites, type Started } from "./readiness.ts";
import { containerRow, type Scene } from "./scene.ts";
import { addPostStart } from "./starting.ts";
import { isAlive } from "./stopping.ts";
import type { OneOffRequest } from "./up-options.ts";

/** Containers that the service has already are left as they are. */
export function besideOneOff(service: Service, observed: ObservedState): Decision {
  const replicas = containersOf(observed, service.name)
    .filter(isAlive)
    .map((container) => ({
      number: container.number ?? 1,
      name: container.name,
      stays: container,
      renames: false,
    }));
  return { service, replicas, surplus: [] };
}

/** One container for one command, made only when what it depends on is ready: nothing is left of it if that fails. */
export function addOneOff(scene: Scene, started: Started, request: OneOffRequest): void {
  const { project, observed, plan, marks } = scene;
  const service = project.services.get(request.service);
  if (service === undefined) return;
  const { name, slug, interactive, autoRemove, useAliases, size } = request;
  const image = imageName(project, service);
  const key = imageKey(image, service.platform);
  const local = observed.images.get(key);
  const brought = marks.images.get(key);
  if (local === undefined && brought === undefined) reportAbsent(scene, service, image);
  reportTakenPorts(scene, service);
  const references = referencesOf(scene, service);
  const before = [
    ...prerequisites(scene, started, service),
    ...needs(scene, service, references),
    ...freeName(scene, service, name),
  ];
  const resource = containerRow(name);
  const created = plan.add({
    kind: "container.create",
    after: [...before, ...present(brought)],
    resource,
    cause: "for one command",
    service,
    image,
    ...(local !== undefined && brought === undefined && { imageId: local.id }),
    name,
    oneOff: { slug, interactive, autoRemove, useAliases, size },
    references,
    inherits: [],
  });
  addLaunch(scene, { service, name, created });
}

interface Creation {
  readonly service: Service;
  readonly name: string;
  /** The step that creates it. */
  readonly created: number;
}

function addLaunch({ plan, project }: Scene, { service, name, created }: Creation): void {
  const container = { name, service: service.name, createdBy: created };
  const resource = containerRow(name);
  const files = injectsFiles(project, service)
    ? plan.add({
        kind: "container.files",
        after: [created],
        resource,
        cause: "its secrets and configs",
        container,
        service,
      })
    : created;
  const start = plan.add({ kind: "container.start", after: [files], resource, cause: "for one command", container });
  (service.post_start ?? []).reduce((last, hook) => addPostStart({ plan }, { container, hook, last }), start);
}

/** Told before anything is made: the engine would tell only when it starts. */
function reportTakenPorts(scene: Scene, service: Service): void {
  const ports = wantedPorts(service);
  for (const holder of [...scene.observed.containers, ...scene.observed.strangers].filter(isAlive)) {
    const port = sharedPort(ports, publishedPorts(holder));
    if (port !== undefined) reportTaken(scene, service, { holder, port });
  }
}
