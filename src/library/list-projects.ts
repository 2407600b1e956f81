import type { ListedProject } from "../actions/ls.ts";
import { openContext } from "../actions/open.ts";
import { environmentOf, sharedConnection } from "./connection.ts";
import type { CallOptions, ComposeOptions } from "./options.ts";

export interface ListCall extends Pick<CallOptions, "signal">, Pick<ComposeOptions, "engine" | "env"> {
  /** Projects of which nothing runs, too. */
  readonly all?: boolean;
}

/** The projects that an engine has, by name, whoever brought them up. */
export async function listProjects(options: ListCall = {}): Promise<readonly ListedProject[]> {
  const { all = false, env, signal } = options;
  const { ls } = await import("../actions/ls.ts");
  const environment = environmentOf(env);
  const connection = sharedConnection(options, environment);
  const source = { cwd: process.cwd(), environment };
  const { context } = openContext({ source, ...(signal !== undefined && { signal }) });
  try {
    return await ls({ ...context, engine: () => connection.engine() }, { all });
  } finally {
    await connection.close();
  }
}
