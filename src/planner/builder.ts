import type { Diagnostic } from "../model/diagnostic.ts";
import type { Confirmation, FieldChange, Plan, Step } from "../model/plan.ts";
import type { Origin } from "../model/project.ts";

type WithoutId<S> = S extends Step ? Omit<S, "id"> : never;
/** A step as the planner writes it: its number is its place. */
export type NewStep = WithoutId<Step>;

/** Collects a plan. Steps are numbered in the order in which they come, so `after` can only name earlier ones. */
export interface PlanBuilder {
  add(step: NewStep): number;
  unchanged(resource: string, status: string): void;
  changed(resource: string, changes: readonly FieldChange[]): void;
  ask(confirmation: Confirmation): void;
  /** Once: what is said twice is said once. */
  warn(message: string): void;
  problem(problem: Omit<Diagnostic, "severity">): void;
  lose(what: string): void;
  finish(): Plan;
}

/** `origins`: where the services and resources are written, for what is wrong with them. */
export function planBuilder(origins?: ReadonlyMap<string, Origin>): PlanBuilder {
  const steps: Step[] = [];
  const unchanged: { resource: string; status: string }[] = [];
  const changes = new Map<string, readonly FieldChange[]>();
  const confirmations: Confirmation[] = [];
  const problems: Diagnostic[] = [];
  const warnings = new Set<string>();
  const losses = new Set<string>();
  const reduce = reducer();
  return {
    add(step) {
      const id = steps.length + 1;
      steps.push({ ...step, id, after: reduce(id, step) });
      return id;
    },
    unchanged: (resource, status) => void unchanged.push({ resource, status }),
    changed(resource, fields) {
      if (fields.length > 0) changes.set(resource, fields);
    },
    ask: (confirmation) => void confirmations.push(confirmation),
    warn: (message) => void warnings.add(message),
    problem(problem) {
      const origin = originOf(problem.path ?? "", origins);
      problems.push({ severity: "error", ...(origin !== undefined && { origin }), ...problem });
    },
    lose: (what) => void losses.add(what),
    finish: () => ({
      steps,
      unchanged,
      changes,
      confirmations,
      problems,
      warnings: [...warnings],
      losses: [...losses],
    }),
  };
}

/** "services.a.b.image" is about the service "a", or about "a.b". */
function originOf(path: string, origins: ReadonlyMap<string, Origin> | undefined): Origin | undefined {
  for (let part = path; part !== ""; part = part.slice(0, Math.max(0, part.lastIndexOf(".")))) {
    const origin = origins?.get(part);
    if (origin !== undefined) return origin;
  }
  return undefined;
}

/**
 * Leaves out what follows from the rest: if #3 is after #2, "after #2 #3" is "after #3". What comes before a wait that
 * may fail is kept, because that wait does not vouch for it.
 */
function reducer(): (id: number, step: NewStep) => readonly number[] {
  // Step → all steps that it is after, as bits; index 0 stands for no step.
  const behind: bigint[] = [0n];
  return (id, { kind, after, ...step }) => {
    const direct = [...new Set(after)].sort((a, b) => a - b);
    const kept = direct.filter((one) => direct.every((other) => (((behind[other] ?? 0n) >> BigInt(one)) & 1n) === 0n));
    const optional = kind === "container.await" && "optional" in step && step.optional;
    behind[id] = optional ? 0n : direct.reduce((bits, each) => bits | (behind[each] ?? 0n) | (1n << BigInt(each)), 0n);
    return kept;
  };
}
