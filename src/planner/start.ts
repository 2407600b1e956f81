import { desiredScale } from "../model/names.ts";
import type { ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";
import { planBuilder, type PlanBuilder } from "./builder.ts";
import type { Decision } from "./decide.ts";
import { containersOf } from "./members.ts";
import { startOrder } from "./order.ts";
import { newMarks, type Scene } from "./scene.ts";
import { addStarts } from "./starting.ts";
import { defaultUpOptions } from "./up-options.ts";

export interface StartOptions {
  readonly wait: boolean;
  readonly waitTimeoutMs?: number | undefined;
}

/** Starts what is there, as it is: nothing is made, replaced or compared. */
export function planStart(project: Project, observed: ObservedState, { wait, waitTimeoutMs }: StartOptions): Plan {
  const plan = planBuilder(project.origins);
  const order = startOrder(project.services, project.origins);
  const decisions = new Map(
    order.flatMap((name): [string, Decision][] => {
      const service = project.services.get(name);
      return service === undefined ? [] : [[name, asItIs(plan, service, observed)]];
    }),
  );
  const options = { ...defaultUpOptions, wait, waitTimeoutMs };
  const nothingNew = {
    networks: new Map(),
    volumes: new Map(),
    marks: newMarks({ images: new Map(), providers: new Map(), models: new Map() }),
  };
  const scene: Scene = { project, observed, options, plan, order, decisions, ...nothingNew };
  addStarts(scene);
  return plan.finish();
}

function asItIs(plan: PlanBuilder, service: Service, observed: ObservedState): Decision {
  const containers = containersOf(observed, service.name);
  if (containers.length === 0 && service.provider === undefined && desiredScale(service) > 0) {
    plan.problem({
      code: "no-container",
      message: `service "${service.name}" has no container to start`,
      path: `services.${service.name}`,
      hint: `make it first ("tscompose create ${service.name}")`,
    });
  }
  const replicas = containers.map((container) => ({
    number: container.number ?? 1,
    name: container.name,
    stays: container,
    renames: false,
  }));
  return { service, replicas, surplus: [] };
}
