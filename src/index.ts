/**
 * tscompose as a part of a program. Nothing here prints, exits or keeps state between calls: progress comes as events,
 * results as data, failures as typed errors.
 *
 * @example
 * await using compose = await openCompose({ files: ["docker-compose.yml"] });
 * await compose.up({ wait: true });
 * for (const { name, state } of await compose.ps()) use(name, state);
 */
export { openCompose } from "./library/open-compose.ts";
export { listProjects } from "./library/list-projects.ts";
export type { ListCall } from "./library/list-projects.ts";
export { defineCompose, override, reset } from "./library/define-compose.ts";
export type { CodeContext, ComposeSource } from "./library/define-compose.ts";
export type { Change } from "./library/change.ts";
export type { CommandInput, CommandResult } from "./library/captured.ts";
export type { Compose, LogEntry } from "./library/compose.ts";
export type * from "./library/options.ts";
export type { ChangeResult } from "./actions/context.ts";
export type { Committed } from "./actions/commit.ts";
export type { CopyEvent } from "./actions/cp.ts";
export type { ProjectEvent } from "./actions/events.ts";
export type { ContainerImage } from "./actions/images.ts";
export type { ContainerStats } from "./actions/stats.ts";
export type { ListedProject } from "./actions/ls.ts";
export type { PublishResult } from "./actions/publish.ts";
export type { ContainerProcesses } from "./actions/top.ts";
export type { WaitedExit } from "./actions/wait.ts";

// The parts, which the command line is made of, too.
export { loadProject } from "./loader/project.ts";
export type { Loaded } from "./loader/project.ts";
export type { LoadOptions } from "./loader/options.ts";
export { connect } from "./engine/connect.ts";
export type { ConnectOptions } from "./engine/connect.ts";
export type { Engine, LogChunk } from "./engine/engine.ts";
export { observe } from "./actions/observe.ts";
export type { Interest } from "./actions/observe.ts";
export { planUp } from "./planner/up.ts";
export { defaultUpOptions } from "./planner/up-options.ts";
export type { UpOptions } from "./planner/up-options.ts";
export { formatPlan } from "./render/plan.ts";
export { execute } from "./executor/execute.ts";
export type { ExecuteOptions, Execution } from "./executor/execute.ts";

export { CancelledError, EngineError, PlanError, ProjectError, UsageError } from "./model/error.ts";
export type { EngineErrorDetails, StepFailure } from "./model/error.ts";
export type * from "./model/compose-document.ts";
export type { Diagnostic, DiagnosticNote, Report, Source, Span } from "./model/diagnostic.ts";
export type * from "./model/event.ts";
export type { ObservedContainer, ObservedPort, ObservedState, ObservedVolume } from "./model/observed.ts";
export type { Confirmation, Plan, Step, StepKind } from "./model/plan.ts";
export type { Network, Project, Service, Volume } from "./model/project.ts";
export type * from "./model/watch.ts";
