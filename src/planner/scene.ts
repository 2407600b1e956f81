import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import type { ContainerRef } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Decision, Replica } from "./decide.ts";
import type { NetworkFate } from "./networks.ts";
import type { UpOptions } from "./up-options.ts";
import type { VolumeFate } from "./volumes.ts";

/** What all parts of one planning share, and what was decided before the first step is written. */
export interface Scene {
  readonly project: Project;
  readonly observed: ObservedState;
  readonly options: UpOptions;
  readonly plan: PlanBuilder;
  /** Services, those that others depend on first. */
  readonly order: readonly string[];
  readonly networks: ReadonlyMap<string, NetworkFate>;
  readonly volumes: ReadonlyMap<string, VolumeFate>;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly marks: Marks;
}

/** Steps that later ones refer to; filled while the plan is written. */
export interface Marks {
  /** Image key → the step that brings it. */
  readonly images: ReadonlyMap<string, number>;
  /** Network or volume key → the step that creates it. */
  readonly networks: Map<string, number>;
  readonly volumes: Map<string, number>;
  /** Service that another program provides → the step that runs it. */
  readonly providers: ReadonlyMap<string, number>;
  /** Model → the step that prepares it. */
  readonly models: ReadonlyMap<string, number>;
  /** Replica → the step that creates it. */
  readonly created: Map<Replica, number>;
  /** Container id → the step that stops it before its service's turn, or that removes it. */
  readonly stopped: Map<string, number>;
  readonly removed: Map<string, number>;
  /** Container id → why it was stopped; it is started again in its service's turn. */
  readonly interrupted: Map<string, string>;
  /** Container id → what has to be done before it can start. */
  readonly reconnected: Map<string, readonly number[]>;
  /** Container id → stops of others that have to come before its own. */
  readonly stopsFirst: Map<string, readonly number[]>;
  /** Replica → stops of others that hold a port or an address which it wants. */
  readonly freed: Map<Replica, readonly number[]>;
}

export function newMarks({ images, providers, models }: Pick<Marks, "images" | "providers" | "models">): Marks {
  return {
    images,
    networks: new Map(),
    volumes: new Map(),
    providers,
    models,
    created: new Map(),
    stopped: new Map(),
    removed: new Map(),
    interrupted: new Map(),
    reconnected: new Map(),
    stopsFirst: new Map(),
    freed: new Map(),
  };
}

export function containerRow(name: string): string {
  return `container ${name}`;
}

export function existingRef({ id, name, service, number }: ObservedContainer): ContainerRef {
  return { id, name, service, ...(number !== undefined && { number }) };
}

/** By its final name, whether it is there already or only after a step of this plan. */
export function replicaRef({ marks }: Pick<Scene, "marks">, service: Service, replica: Replica): ContainerRef {
  const created = marks.created.get(replica);
  return {
    name: replica.name,
    service: service.name,
    number: replica.number,
    ...(replica.stays !== undefined && { id: replica.stays.id }),
    ...(created !== undefined && { createdBy: created }),
  };
}

/** `web`, `web and db`, `web, db and cache`. */
export function sentenceList(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
