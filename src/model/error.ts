import type { Diagnostic } from "./diagnostic.ts";
import type { Origin } from "./project.ts";

/** The project's files are wrong; every mistake found is in `diagnostics`. */
export class ProjectError extends Error {
  override readonly name: string = "ProjectError";
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.find((each) => each.severity === "error")?.message ?? "the project cannot be loaded");
    this.diagnostics = diagnostics;
  }
}

export interface EngineErrorDetails {
  /** HTTP status, 0 when the engine did not answer. */
  readonly status: number;
  /** "create container", "start container" … */
  readonly operation: string;
  /** "container web-1", "network demo_default" … */
  readonly resource: string;
  readonly hint?: string | undefined;
  /** The engine's own words, where the message has others. */
  readonly said?: string | undefined;
  /** A fault on the way: the same may work in a moment. */
  readonly transient?: boolean | undefined;
  readonly cause?: unknown;
}

/** The engine refused or could not be reached. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
  readonly status: number;
  readonly operation: string;
  readonly resource: string;
  readonly hint: string | undefined;
  readonly said: string | undefined;
  readonly transient: boolean;
  constructor(message: string, details: EngineErrorDetails) {
    super(message, { cause: details.cause });
    this.status = details.status;
    this.operation = details.operation;
    this.resource = details.resource;
    this.hint = details.hint;
    this.said = details.said;
    this.transient = details.transient === true;
  }
}

export interface StepFailure {
  readonly stepId: number;
  readonly resource: string;
  readonly error: Error;
  /** Lines that help: last health probes, last log lines, what the exit code means. */
  readonly details: readonly string[];
  /** What the engine refused was asked for here: "services.web". */
  readonly written?: { readonly path: string; readonly origin: Origin } | undefined;
}

/** Some steps of a plan failed; others were not tried because of them. */
export class PlanError extends Error {
  override readonly name: string = "PlanError";
  readonly failures: readonly StepFailure[];
  /** Resources whose steps were skipped, with the failed resource that blocked each. */
  readonly skipped: readonly { readonly resource: string; readonly because: string }[];
  constructor(failures: readonly StepFailure[], skipped: PlanError["skipped"]) {
    super(failures.map((each) => each.error.message).join("; "));
    this.failures = failures;
    this.skipped = skipped;
  }
}

/** The command was used wrongly: unknown service, flags that exclude each other. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Ends the program with this code and no message of its own. */
export class ExitError extends Error {
  override readonly name: string = "ExitError";
  readonly code: number;
  constructor(code: number) {
    super(`exit with code ${code}`);
    this.code = code;
  }
}

/** The caller's signal was aborted. */
export class CancelledError extends Error {
  override readonly name: string = "CancelledError";
  constructor(message = "cancelled") {
    super(message);
  }
}
