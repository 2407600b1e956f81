import { containerName, thinkableScale } from "../model/names.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Project, Service } from "../model/project.ts";
import type { Drift } from "./drift.ts";
import { findLeftovers } from "./leftovers.ts";
import type { RecreatePolicy } from "./up-options.ts";

/** One container that the service is to have, and how it comes to have it. */
export interface Replica {
  readonly number: number;
  /** In the end. */
  readonly name: string;
  /** It exists and remains. */
  readonly stays?: ObservedContainer;
  /** It is made, and why. */
  readonly creation?: Drift;
  /** Gives way, once its successor is there. */
  readonly replaces?: ObservedContainer;
  /** The one that stays still has its temporary name: an earlier run was interrupted. */
  readonly renames: boolean;
}

export interface Surplus {
  readonly container: ObservedContainer;
  readonly cause: string;
}

export interface Decision {
  readonly service: Service;
  readonly replicas: readonly Replica[];
  /** To be removed, without a successor. */
  readonly surplus: readonly Surplus[];
}

export interface DecideInput {
  readonly project: Project;
  readonly service: Service;
  /** Containers of the service, no one-offs. */
  readonly existing: readonly ObservedContainer[];
  readonly policy: RecreatePolicy;
  /** Name of a volume that it has and that is made anew: no policy keeps such a container. */
  readonly usesLost: (container: ObservedContainer) => string | undefined;
  readonly driftOf: (container: ObservedContainer) => Drift | undefined;
}

/** Which containers stay, which are replaced, which go, and how many are new. */
export function decide(input: DecideInput): Decision {
  const { project, service } = input;
  const { candidates, discarded } = findLeftovers(input, (container) => reasonToReplace(input, container));
  const { single, duplicates } = withoutDuplicates(candidates);
  const ordered = [...single].sort(
    (a, b) => Number(a.creation !== undefined) - Number(b.creation !== undefined) || a.number - b.number,
  );
  const wanted = thinkableScale(service);
  const tooMany = ordered.slice(wanted).flatMap((replica) => retire(replica, wanted));
  const highest = Math.max(0, ...input.existing.map(({ number }) => number ?? 0));
  const missing = Array.from({ length: Math.max(0, wanted - ordered.length) }, (_, index): Replica => {
    const number = highest + 1 + index;
    const name = containerName(project, service, number);
    return { number, name, creation: { cause: "missing", changes: [] }, renames: false };
  });
  const replicas = [...ordered.slice(0, wanted), ...missing].sort((a, b) => a.number - b.number);
  return { service, replicas, surplus: [...discarded, ...duplicates, ...tooMany] };
}

/** Whatever the policy, what cannot be started has to be made anew. */
function reasonToReplace({ policy, driftOf, usesLost }: DecideInput, container: ObservedContainer): Drift | undefined {
  const lost = usesLost(container);
  if (lost !== undefined) return { cause: `volume ${lost} is replaced`, changes: [] };
  if (container.state === "dead" || container.state === "removing") return { cause: container.state, changes: [] };
  if (policy === "never") return undefined;
  const drift = driftOf(container);
  return drift ?? (policy === "force" ? { cause: "recreation was asked for", changes: [] } : undefined);
}

/** Two containers with one number: the first that is up to date stays, else the oldest. */
function withoutDuplicates(candidates: readonly Replica[]): {
  readonly single: readonly Replica[];
  readonly duplicates: readonly Surplus[];
} {
  const best = [...candidates].sort(
    (a, b) => Number(a.creation !== undefined) - Number(b.creation !== undefined) || age(a) - age(b),
  );
  const single = new Map<number, Replica>();
  const duplicates: Surplus[] = [];
  for (const replica of best) {
    if (!single.has(replica.number)) single.set(replica.number, replica);
    else
      duplicates.push(
        ...containersOf(replica).map((container) => ({
          container,
          cause: `another container has number ${replica.number}`,
        })),
      );
  }
  return { single: [...single.values()], duplicates };
}

function retire(replica: Replica, wanted: number): readonly Surplus[] {
  return containersOf(replica).map((container) => ({ container, cause: `scaled to ${wanted}` }));
}

function containersOf({ stays, replaces }: Replica): readonly ObservedContainer[] {
  return [stays, replaces].filter((each) => each !== undefined);
}

function age({ stays, replaces }: Replica): number {
  const container = stays ?? replaces;
  return (container?.state === "running" ? 0 : Number.MAX_SAFE_INTEGER / 2) + (container?.createdAt ?? 0);
}
