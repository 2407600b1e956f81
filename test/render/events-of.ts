import type { PlanStarted, ProgressEvent } from "../../src/model/event.ts";
import type { StepKind } from "../../src/model/plan.ts";

/** A run in a few lines: step 1 creates db, 2 and 3 start it and wait for it, 4 creates web, 5 starts it. */
export const steps: PlanStarted["steps"] = [
  { id: 1, kind: "container.create", resource: "container shop-db-1", cause: "missing", after: [] },
  { id: 2, kind: "container.start", resource: "container shop-db-1", cause: "created", after: [1] },
  { id: 3, kind: "container.await", resource: "container shop-db-1", cause: "web depends on it", after: [2] },
  { id: 4, kind: "container.create", resource: "container shop-web-1", cause: "missing", after: [] },
  { id: 5, kind: "container.start", resource: "container shop-web-1", cause: "created", after: [3, 4] },
];

type PlannedStep = PlanStarted["steps"][number];

export const started: ProgressEvent = { kind: "plan.started", verb: "up", steps, time: 1000 };
export const notice: ProgressEvent = { kind: "notice", severity: "warning", message: "the volume is shared" };
export const unchanged: ProgressEvent = {
  kind: "resource.unchanged",
  resource: "network shop_default",
  status: "Exists",
};

export function begin(id: number, status: string, time: number): ProgressEvent {
  return { kind: "step.started", ...about(id), cause: planned(id).cause, status, time };
}

export function progress(
  id: number,
  text: string,
  time: number,
  amount?: { current: number; total: number },
): ProgressEvent {
  return { kind: "step.progress", ...about(id), text, time, ...amount };
}

export function done(id: number, status: string, time: number): ProgressEvent {
  return { kind: "step.done", ...about(id), status, time };
}

export function failed(id: number, message: string, time: number): ProgressEvent {
  return { kind: "step.failed", ...about(id), message, details: [], time };
}

export function skipped(id: number, because: string, time: number): ProgressEvent {
  return { kind: "step.skipped", ...about(id), because, time };
}

export function finished(failed: boolean, time: number): ProgressEvent {
  return { kind: "plan.finished", failed, time };
}

/** All goes well. */
export const success: readonly ProgressEvent[] = [
  started,
  notice,
  unchanged,
  begin(1, "Creating", 1000),
  begin(4, "Creating", 1000),
  done(1, "Created", 1200),
  begin(2, "Starting", 1200),
  done(4, "Created", 1300),
  done(2, "Started", 1500),
  begin(3, "Waiting", 1500),
  progress(3, "health check 1: connection refused", 2500),
  done(3, "Healthy", 3500),
  begin(5, "Starting", 3500),
  done(5, "Started", 3900),
  finished(false, 3900),
];

/** The database never answers. */
export const failure: readonly ProgressEvent[] = [
  started,
  begin(1, "Creating", 1000),
  done(1, "Created", 1200),
  begin(2, "Starting", 1200),
  done(2, "Started", 1500),
  begin(3, "Waiting", 1500),
  failed(3, "container shop-db-1 is unhealthy", 2500),
  skipped(5, "container shop-db-1", 2500),
  finished(true, 2500),
];

function planned(id: number): PlannedStep {
  const found = steps.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no step ${id}`);
  return found;
}

function about(id: number): { stepId: number; step: StepKind; resource: string } {
  const { kind, resource } = planned(id);
  return { stepId: id, step: kind, resource };
}
