import type { StepKind } from "./plan.ts";

/** What happens while a plan runs; renderers and programs read these, nothing else. */
export type ProgressEvent =
  | PlanStarted
  | StepStarted
  | StepProgress
  | StepDone
  | StepFailed
  | StepSkipped
  | ResourceUnchanged
  | Notice
  | PlanFinished;

interface StepEvent {
  readonly stepId: number;
  readonly step: StepKind;
  readonly resource: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface PlanStarted {
  readonly kind: "plan.started";
  readonly verb: string;
  readonly steps: readonly {
    readonly id: number;
    readonly kind: StepKind;
    readonly resource: string;
    readonly cause: string;
    readonly after: readonly number[];
  }[];
  readonly time: number;
}

export interface StepStarted extends StepEvent {
  readonly kind: "step.started";
  readonly cause: string;
  /** docker compose's word: "Creating", "Starting", "Waiting". */
  readonly status: string;
}

export interface StepProgress extends StepEvent {
  readonly kind: "step.progress";
  /** "12.3 MB of 40 MB", "health check 3: connection refused". */
  readonly text: string;
  readonly current?: number;
  readonly total?: number;
}

export interface StepDone extends StepEvent {
  readonly kind: "step.done";
  /** "Created", "Started", "Healthy". */
  readonly status: string;
}

export interface StepFailed extends StepEvent {
  readonly kind: "step.failed";
  readonly message: string;
  readonly details: readonly string[];
}

export interface StepSkipped extends StepEvent {
  readonly kind: "step.skipped";
  readonly because: string;
}

export interface ResourceUnchanged {
  readonly kind: "resource.unchanged";
  readonly resource: string;
  /** "Running", "Exists". */
  readonly status: string;
}

export interface Notice {
  readonly kind: "notice";
  readonly severity: "info" | "warning";
  readonly message: string;
}

export interface PlanFinished {
  readonly kind: "plan.finished";
  readonly failed: boolean;
  readonly time: number;
}

export type OnEvent = (event: ProgressEvent) => void;
