import { containerName, temporaryName } from "../model/names.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { DecideInput, Replica, Surplus } from "./decide.ts";
import type { Drift } from "./drift.ts";

/**
 * A replacement that was interrupted leaves a container with a temporary name, "<first 12 of the old id>_<name>", and
 * perhaps the old one beside it. Both carry the same number. Where the new one is what the file describes the
 * replacement is finished; else the new one is thrown away and the old one judged as usual.
 */
export function findLeftovers(
  { project, service, existing }: DecideInput,
  reason: (container: ObservedContainer) => Drift | undefined,
): { readonly candidates: readonly Replica[]; readonly discarded: readonly Surplus[] } {
  const candidates: Replica[] = [];
  const discarded: Surplus[] = [];
  const done = new Set<string>();
  const replicaOf = (container: ObservedContainer): Pick<Replica, "number" | "name"> => {
    const number = container.number ?? 1;
    return { number, name: containerName(project, service, number) };
  };
  for (const container of existing) {
    const { number, name } = replicaOf(container);
    if (!isTemporary(container, name)) continue;
    const old = existing.find((each) => each !== container && container.name === temporaryName(each.id, name));
    const drift = reason(container);
    done.add(container.id);
    if (old === undefined) {
      const fate = drift === undefined ? { stays: container } : { creation: drift, replaces: container };
      candidates.push({ number, name, ...fate, renames: drift === undefined });
    } else if (drift === undefined && reason(old) !== undefined) {
      done.add(old.id);
      candidates.push({ number, name, stays: container, replaces: old, renames: true });
    } else {
      discarded.push({ container, cause: "left over from an interrupted replacement" });
    }
  }
  for (const container of existing) {
    if (done.has(container.id)) continue;
    const drift = reason(container);
    const { number, name } = replicaOf(container);
    // Who stays is called what it is called, also where somebody else named it.
    if (drift === undefined) candidates.push({ number, name: container.name, stays: container, renames: false });
    else candidates.push({ number, name, creation: drift, replaces: container, renames: false });
  }
  return { candidates, discarded };
}

/** A container that somebody gave a name of their own keeps it; only our own half-way names are put right. */
function isTemporary(container: ObservedContainer, name: string): boolean {
  return container.name.endsWith(`_${name}`) && /^[0-9a-f]{12}_/.test(container.name);
}
