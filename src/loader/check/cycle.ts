import type { Report } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import { referencesOf, type Reference } from "./dependency.ts";
import type { Subject } from "./subject.ts";

/** No service may, by whatever way round, need itself. */
export function checkCycles(subject: Subject, report: Report): void {
  const edges = new Map<string, readonly Reference[]>();
  for (const service of subject.enabled.values()) {
    const references = referencesOf(service, subject.tree).filter(({ target }) => subject.enabled.has(target));
    edges.set(service.name, references);
  }
  for (const cycle of findCycles(edges)) tell(cycle, report);
}

interface Edge extends Reference {
  readonly from: string;
}

/** Services that all depend on each other have more circles than anybody wants to read. */
const mostCycles = 20;

/** Walks with a stack of its own, as a chain of ten thousand services would be too deep for ours. */
function findCycles(edges: ReadonlyMap<string, readonly Reference[]>): readonly (readonly Edge[])[] {
  const cycles: (readonly Edge[])[] = [];
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const trail: Edge[] = [];
    const depth = new Map<string, number>([[start, 0]]);
    const pending = [{ name: start, next: 0 }];
    while (pending.length > 0 && cycles.length < mostCycles) {
      const top = pending.at(-1);
      if (top === undefined) break;
      const reference = done.has(top.name) ? undefined : edges.get(top.name)?.[top.next];
      if (reference === undefined) {
        done.add(top.name);
        depth.delete(top.name);
        pending.pop();
        trail.pop();
        continue;
      }
      top.next++;
      const edge = { ...reference, from: top.name };
      const back = depth.get(reference.target);
      if (back !== undefined) cycles.push([...trail.slice(back), edge]);
      else if (!done.has(reference.target)) {
        depth.set(reference.target, pending.length);
        pending.push({ name: reference.target, next: 0 });
        trail.push(edge);
      }
    }
  }
  return cycles;
}

function tell(cycle: readonly Edge[], report: Report): void {
  const [first, ...others] = cycle;
  if (first === undefined) return;
  const names = [...cycle.map((edge) => edge.from), first.from].join(" → ");
  const message =
    others.length === 0
      ? `service "${first.from}" ${first.how} itself`
      : `services depend on each other in a circle: ${names}`;
  const notes = others.map((edge) => ({ message: `"${edge.from}" ${edge.how} "${edge.target}" here`, at: edge.at }));
  const hint = "none of them could start first: remove one of the dependencies";
  report(
    errorAt(message, {
      code: "dependency-cycle",
      at: first.at,
      path: first.path,
      notes,
      ...(others.length > 0 && { hint }),
    }),
  );
}
