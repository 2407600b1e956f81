import type { Plan } from "../model/plan.ts";

export function formatPlan(plan: Plan, _options: { readonly colour: boolean }): string {
  return plan.steps.map((step) => `${step.kind} ${step.resource} (${step.cause})\n`).join("");
}
