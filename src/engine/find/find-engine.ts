import { UsageError } from "../../model/error.ts";
import type { StringMap } from "../../model/project.ts";
import type { DockerConfig } from "../docker-config.ts";
import type { Candidate } from "./endpoint.ts";
import { givenHost } from "./given-host.ts";
import { namedContext } from "./named-context.ts";
import { usualSockets } from "./usual-sockets.ts";

export interface Surroundings {
  readonly environment: StringMap;
  readonly config: DockerConfig;
  /** --host and --context. */
  readonly host?: string | undefined;
  readonly context?: string | undefined;
}

/** Looks in one place; undefined: nothing is said there, look in the next one. What is said is final. */
export type Finder = (surroundings: Surroundings) => Promise<readonly Candidate[] | undefined>;

const finders: readonly Finder[] = [givenHost, namedContext, usualSockets];

/** Where an engine may be, in the order to try; several only where nobody has said which. */
export async function findEngine(surroundings: Surroundings): Promise<readonly Candidate[]> {
  if (surroundings.host !== undefined && surroundings.context !== undefined)
    throw new UsageError("--host and --context both name an engine; give one of them");
  for (const find of finders) {
    const candidates = await find(surroundings);
    if (candidates !== undefined) return candidates;
  }
  return [];
}
