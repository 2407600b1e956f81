import type { Plan } from "../model/plan.ts";
import { diagnosticsToJson } from "./diagnostic.ts";
import { plannedChanges } from "./plan-changes.ts";

/** A plan as data, for programs that decide on it. */
export function planToJson(plan: Plan): string {
  const data = {
    changes: plannedChanges(plan),
    unchanged: plan.unchanged,
    losses: plan.losses,
    confirmations: plan.confirmations.map(({ kind, question, blocking }) => ({ kind, question, blocking })),
    warnings: plan.warnings,
    problems: diagnosticsToJson(plan.problems),
    steps: plan.steps.map(({ id, kind, resource, cause, after }) => ({ id, kind, resource, cause, after })),
  };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
