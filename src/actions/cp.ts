import { UsageError } from "../model/error.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { ActionContext } from "./context.ts";
import { type Copy, readCopy } from "./copy/endpoints.ts";
import { receive } from "./copy/receive.ts";
import { send } from "./copy/send.ts";
import { projectOfContainers } from "./known-project.ts";
import { listOwn } from "./own-containers.ts";
import { checkServiceNames } from "./service-names.ts";

export interface CopyOptions {
  /** "SERVICE:PATH", a local path, or "-" for a tar archive. */
  readonly source: string;
  readonly destination: string;
  /** Which container; absent: into all of the service, out of the one with the lowest number. */
  readonly index?: number | undefined;
  /** Containers of `run`, too. */
  readonly all: boolean;
  /** Owners are kept on the way out; on the way in, all belongs to the container's user. */
  readonly archive: boolean;
  /** A source that is a link is not copied itself, but what it leads to. */
  readonly followLink: boolean;
  /** Where the source is "-". */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** Where the destination is "-"; a promise when the reader is slow. */
  readonly output?: ((bytes: Uint8Array) => Promise<void> | undefined) | undefined;
  /** Told before and after each container. */
  readonly onCopy?: ((event: CopyEvent) => void) | undefined;
}

export interface CopyEvent {
  readonly container: string;
  readonly source: string;
  readonly destination: string;
  readonly state: "copying" | "copied";
}

/** Copies files between this machine and the containers of a service. */
export async function cp(context: ActionContext, options: CopyOptions): Promise<void> {
  const copy = readCopy(options.source, options.destination);
  const found = await containersFor(context, copy, options);
  const containers = copy.direction === "out" ? found.slice(0, 1) : found;
  const say = (container: string, state: CopyEvent["state"]): void => {
    const there = `${container}:${copy.inside}`;
    const [source, destination] = copy.direction === "in" ? [copy.local, there] : [there, copy.local];
    options.onCopy?.({ container, source, destination, state });
  };
  for (const { name } of containers) say(name, "copying");
  if (context.dryRun) return;
  if (copy.direction === "in") {
    return send(context, containers, { ...options, ...copy, onDone: ({ name }) => say(name, "copied") });
  }
  for (const container of containers) {
    await receive(context, container, { ...options, ...copy });
    say(container.name, "copied");
  }
}

async function containersFor(
  context: ActionContext,
  { service }: Copy,
  { index: given, all }: CopyOptions,
): Promise<readonly ObservedContainer[]> {
  // Scripts say 0 for "whichever", which is docker compose's default.
  const index = given === 0 ? undefined : given;
  const [project, engine] = await Promise.all([projectOfContainers(context, [service]), context.engine()]);
  const containers = await listOwn(engine, { project: project.name, all: true }, context.signal);
  checkServiceNames(
    project,
    [service],
    containers.map((each) => each.service),
  );
  const own = containers
    .filter((each) => each.service === service && (each.oneOff ? all && index === undefined : true))
    .toSorted((one, other) => rank(one) - rank(other));
  const found = index === undefined ? own : own.filter(({ number }) => number === index);
  if (found.length > 0) return found;
  if (index !== undefined) throw new UsageError(`service "${service}" has no container #${index}`);
  throw new UsageError(`service "${service}" has no container`, `make it with: tscompose create ${service}`);
}

function rank(container: ObservedContainer): number {
  return container.oneOff ? Number.MAX_SAFE_INTEGER : (container.number ?? 0);
}
