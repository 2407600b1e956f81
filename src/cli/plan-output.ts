import type { Plan } from "../model/plan.ts";
import type { Session } from "./session.ts";

export async function describePlan(session: Session, plan: Plan, format: "text" | "json" | undefined): Promise<string> {
  if (format === "json" || (format === undefined && session.terminal.progress === "json")) {
    const { planToJson } = await import("../render/plan-json.ts");
    return planToJson(plan);
  }
  const { formatPlan } = await import("../render/plan.ts");
  return formatPlan(plan, { colour: session.terminal.colour });
}

export async function hasChanges(plan: Plan): Promise<boolean> {
  const { plannedChanges } = await import("../render/plan-changes.ts");
  return plannedChanges(plan).length > 0;
}
