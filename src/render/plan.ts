import type { FieldChange } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import { printableLine } from "../model/printable.ts";
import { palette } from "./colour.ts";
import type { Paint, Palette } from "./colour.ts";
import { formatMessage } from "./message.ts";
import { plannedChanges } from "./plan-changes.ts";
import type { Action, PlannedChange } from "./plan-changes.ts";

/** A plan as a person reads it: what happens to each resource and why, down to the field; what is lost; what is asked. */
export function formatPlan(plan: Plan, options: { readonly colour: boolean }): string {
  const colours = palette(options.colour);
  const changes = plannedChanges(plan);
  const blocks = [
    plan.warnings.map((message) => formatMessage({ severity: "warning", message }, options)).join(""),
    `${colours.bold(summary(changes, plan.unchanged.length))}\n`,
    changes.length === 0 ? "" : changeLines(changes, colours),
    plan.unchanged.length === 0 ? "" : `up to date: ${plan.unchanged.map(({ resource }) => resource).join(", ")}\n`,
    plan.losses.length === 0 ? "" : colours.red(`data that will be lost: ${printableLine(plan.losses.join(", "))}\n`),
    plan.confirmations.map(({ question }) => `${colours.yellow("asks first:")} ${printableLine(question)}\n`).join(""),
  ];
  return blocks.filter((block) => block !== "").join("\n");
}

function summary(changes: readonly PlannedChange[], unchanged: number): string {
  const counts = new Map<Action, number>();
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  const parts = [...counts].map(([action, count]) => `${count} to ${action}`);
  const rest = unchanged === 0 ? "" : `${unchanged} up to date`;
  if (parts.length === 0) return rest === "" ? "nothing to do" : `nothing to do, ${rest}`;
  return [parts.join(", "), rest].filter((part) => part !== "").join("; ");
}

const symbols: Readonly<Record<Action, string>> = {
  create: "+",
  replace: "±",
  start: ">",
  restart: "↻",
  stop: "◼",
  remove: "-",
  update: "~",
  pause: "‖",
  unpause: ">",
  pull: "↓",
  build: "*",
  run: "$",
};

function changeLines(changes: readonly PlannedChange[], colours: Palette): string {
  const width = Math.max(...changes.map(({ resource }) => resource.length));
  const word = Math.max(...changes.map(({ action }) => action.length));
  return changes
    .map((change) => {
      const paint = paintOf(change, colours);
      const head = `${symbols[change.action]} ${change.action.padEnd(word)}  ${change.resource.padEnd(width)}`;
      const loss = change.loss ? colours.red("  its data is lost") : "";
      return `${paint(printableLine(head))}  ${colours.dim(printableLine(change.cause))}${loss}\n${fieldLines(change.fields, colours)}`;
    })
    .join("");
}

function fieldLines(fields: readonly FieldChange[], colours: Palette): string {
  return fields
    .map(({ path, before, after }) => {
      // What looks secret is never part of a plan.
      if (before === undefined && after === undefined)
        return `    ${printableLine(path)}: ${colours.dim("another value, not shown")}\n`;
      const old = before === undefined ? colours.dim("(not set)") : colours.red(printableLine(before));
      const next = after === undefined ? colours.dim("(not set)") : colours.green(printableLine(after));
      return `    ${printableLine(path)}: ${old} → ${next}\n`;
    })
    .join("");
}

function paintOf({ action, loss }: PlannedChange, colours: Palette): Paint {
  if (loss || action === "remove") return colours.red;
  if (action === "create" || action === "start" || action === "unpause") return colours.green;
  return action === "replace" || action === "restart" || action === "update" ? colours.yellow : colours.cyan;
}
