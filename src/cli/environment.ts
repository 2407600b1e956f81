import { text } from "node:stream/consumers";

import type { LoadOptions } from "../actions/context.ts";
import { UsageError } from "../model/error.ts";
import type { Globals } from "./globals.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the flags before the verb say about the project. */
export function sourceOptions(globals: Globals, environment: Environment, cwd: string): LoadOptions {
  return {
    cwd,
    environment: new Map(
      Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    files: globals.file,
    projectDirectory: globals.projectDirectory ?? globals.workdir,
    projectName: globals.projectName,
    profiles: globals.profile,
    envFiles: globals.envFile,
    compatibility: globals.compatibility,
    allResources: globals.allResources,
    insecureRegistries: globals.insecureRegistry,
    stdin: () => text(process.stdin),
    onPrinted: (text) => process.stderr.write(text),
  };
}

/** Absent and negative: as many as there are. */
export function parallelLimit(globals: Globals, environment: Environment): number | undefined {
  const limit = globals.parallel ?? fromEnvironment(environment["COMPOSE_PARALLEL_LIMIT"]);
  return limit === undefined || limit <= 0 ? undefined : limit;
}

function fromEnvironment(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new UsageError(`COMPOSE_PARALLEL_LIMIT must be an integer (found: "${text}")`);
}
