import type { OnEvent } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";

/** What is known before the first step: what is planned, what has to be said, and what needs nothing. */
export function announce(plan: Plan, verb: string, onEvent: OnEvent): void {
  const steps = plan.steps.map(({ id, kind, resource, cause, after }) => ({ id, kind, resource, cause, after }));
  onEvent({ kind: "plan.started", verb, steps, time: Date.now() });
  for (const message of plan.warnings) onEvent({ kind: "notice", severity: "warning", message });
  for (const { resource, status } of plan.unchanged) onEvent({ kind: "resource.unchanged", resource, status });
}
