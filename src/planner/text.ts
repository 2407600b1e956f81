import type { Plan, Step } from "../model/plan.ts";

/** One line per step, in the order of their numbers. */
export function formatPlan(plan: Plan): string {
  return plan.steps.map((step) => formatStep(step)).join("\n");
}

export function formatStep(step: Step): string {
  const detail = stepDetail(step);
  const after = step.after.length === 0 ? "" : ` after ${step.after.map((id) => `#${id}`).join(" ")}`;
  return `#${step.id} ${step.kind} ${step.resource}${detail === "" ? "" : ` ${detail}`}${after} (${step.cause})`;
}

/** What tells two steps of one kind on one resource apart. */
function stepDetail(step: Step): string {
  switch (step.kind) {
    case "container.await":
      return `until ${step.until}${step.optional ? ", optional" : ""}`;
    case "network.connect":
    case "network.disconnect":
      return `network ${step.network}`;
    case "container.kill":
      return step.signal;
    case "container.create":
      return step.inherits.length === 0
        ? ""
        : `keeping ${step.inherits.map(({ destination }) => destination).join(" ")}`;
    case "container.remove":
      return step.volumes ? "with its volumes" : "";
    case "hook.exec":
    case "hook.run":
      return JSON.stringify(step.hook.command);
    case "provider.run":
      return step.command;
    case "model.prepare":
    case "image.pull":
    case "image.build":
    case "image.push":
    case "image.remove":
    case "network.create":
    case "network.remove":
    case "volume.create":
    case "volume.remove":
    case "container.files":
    case "container.start":
    case "container.stop":
    case "container.rename":
    case "container.restart":
    case "container.pause":
    case "container.unpause":
      return "";
  }
}
