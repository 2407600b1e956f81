import type { ConnectOptions } from "../engine/connect.ts";
import type { Engine } from "../engine/engine.ts";
import type { LoadOptions } from "../loader/options.ts";
import type { Report } from "../model/diagnostic.ts";
import type { OnEvent } from "../model/event.ts";
import type { Confirmation, Plan } from "../model/plan.ts";
import type { Project } from "../model/project.ts";

export type { LoadOptions } from "../loader/options.ts";

/** All that an action may touch; the CLI makes one from argv, a program from its options. */
export interface ActionContext {
  /** Which project: what the flags before the verb say. */
  readonly source: LoadOptions;
  /** Which engine, where flags name one. */
  readonly connection: Pick<ConnectOptions, "host" | "context">;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** Warnings of the loader. */
  readonly report: Report;
  /** Plan, but change nothing. */
  readonly dryRun: boolean;
  /** How many steps may run at once; absent: no limit of the user's. */
  readonly parallel?: number | undefined;
  /** A person's yes; false where nobody can be asked. */
  confirm(confirmation: Confirmation): Promise<boolean>;
  /** What becomes of the project before containers are made after it. */
  readonly adapt?: ((project: Project, context: ActionContext) => Promise<Project>) | undefined;
  /** Until the containers are there: a host port that is chosen now is nobody else's choice. false: somebody was quicker. */
  readonly reservePort?: ((port: string) => Promise<boolean>) | undefined;
  /** Loads the project. Asked twice for the same it answers from memory. */
  project(adjust?: Pick<LoadOptions, "select" | "profiles" | "resolveEnvironment">): Promise<Project>;
  /** Connects on first use; closed by whoever opened the context. */
  engine(): Promise<Engine>;
}

/** What a verb that changes something did, or would do. */
export interface ChangeResult {
  readonly plan: Plan;
  /** The code to exit with when it is not 0: of `--exit-code-from`, say. */
  readonly exitCode?: number | undefined;
}
