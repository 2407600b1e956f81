import type { Engine } from "../engine/engine.ts";
import { EngineError } from "../model/error.ts";
import type { ContainerRef, StepKind, StepOf } from "../model/plan.ts";
import type { Project } from "../model/project.ts";
import type { StateWatch } from "./watch.ts";

/** What the handlers of one execution share. */
export interface Run {
  readonly engine: Engine;
  readonly project: Project;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch; time limits of waits count from here. */
  readonly startedAt: number;
  /** Step that created a container → the container's id. */
  readonly created: Map<number, string>;
  /** Service → variables that a provider set for those who depend on it. */
  readonly provided: Map<string, ReadonlyMap<string, string>>;
  /** Model → where services reach it. */
  readonly endpoints: Map<string, string>;
  /** Layer → step of the pull that counts its bytes; images have layers in common, which travel once. */
  readonly layers: Map<string, number>;
  /** The engine's events, subscribed on first use. */
  readonly watch: StateWatch;
  readonly notice: (severity: "info" | "warning", message: string) => void;
}

/** One step while it runs. */
export interface Progress {
  readonly report: (text: string, amount?: { readonly current: number; readonly total: number }) => void;
}

/** Resolves with the word for what was done when it is not the usual one: "Exited" instead of "Healthy". */
export type Handler<K extends StepKind> = (
  step: StepOf<K>,
  run: Run,
  progress: Progress,
) => Promise<string | undefined>;

/** A kind of step without a handler does not compile. */
export type Handlers = { readonly [K in StepKind]: Handler<K> };

export function containerId(ref: ContainerRef, run: Run): string {
  const id = ref.id ?? (ref.createdBy === undefined ? undefined : run.created.get(ref.createdBy));
  if (id !== undefined) return id;
  throw new EngineError(`container ${ref.name} does not exist`, {
    status: 404,
    operation: "find container",
    resource: `container ${ref.name}`,
  });
}
