/**
 * tscompose as a part of a program. Nothing here prints, exits or keeps state between calls: progress comes as events,
 * results as data, failures as typed errors.
 *
 * @example
 * await using compose = await openCompose({ files: ["docker-compose.yml"] });
 * await compose.up({ wait: true });
 * for (const { name, state } of await compose.ps()) use(name, state);
 */
export { openCompose } from "./actions/compose.ts";
export type { Compose, ComposeOptions } from "./actions/compose.ts";
export { openContext } from "./actions/open.ts";
export type { OpenContext, OpenOptions } from "./actions/open.ts";
export type { ActionContext, ChangeResult, LoadOptions } from "./actions/context.ts";

export { config } from "./actions/config.ts";
export { create } from "./actions/create.ts";
export { down } from "./actions/down.ts";
export { events } from "./actions/events.ts";
export { images } from "./actions/images.ts";
export { kill } from "./actions/kill.ts";
export { logs } from "./actions/logs.ts";
export { ls } from "./actions/ls.ts";
export { pause } from "./actions/pause.ts";
export { port } from "./actions/port.ts";
export { ps } from "./actions/ps.ts";
export { restart } from "./actions/restart.ts";
export { rm } from "./actions/rm.ts";
export { scale } from "./actions/scale.ts";
export { start } from "./actions/start.ts";
export { stop } from "./actions/stop.ts";
export { top } from "./actions/top.ts";
export { unpause } from "./actions/unpause.ts";
export { up } from "./actions/up.ts";
export { volumes } from "./actions/volumes.ts";

export { connect } from "./engine/connect.ts";
export type { ConnectOptions } from "./engine/connect.ts";
export type { Engine } from "./engine/engine.ts";

export { CancelledError, EngineError, ExitError, PlanError, ProjectError, UsageError } from "./model/error.ts";
export type * from "./model/compose-document.ts";
export type { Diagnostic, DiagnosticNote, Source, Span } from "./model/diagnostic.ts";
export type { ProgressEvent } from "./model/event.ts";
export type { ObservedContainer, ObservedState } from "./model/observed.ts";
export type { Output, OutputLine } from "./model/output.ts";
export type { Confirmation, Plan, Step } from "./model/plan.ts";
export type { Network, Project, Service, Volume } from "./model/project.ts";
