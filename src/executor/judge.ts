import type { ContainerDetails } from "../engine/engine.ts";
import type { AwaitCondition } from "../model/plan.ts";
import { exitCodeMeaning } from "./exit-code.ts";
import type { Verdict } from "./watch.ts";

/** How long a container without a health check must stay up before it counts as running. */
const stableMs = 1000;
/** A container that the engine has restarted as often as this, while we waited, is not coming up. */
const restartsTolerated = 3;

export interface Judgement {
  readonly name: string;
  readonly until: AwaitCondition;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly restartsBefore: number;
}

/** What a container's state means for one who waits for it. Pure: the clock is in the arguments. */
export function judge(container: ContainerDetails, judgement: Judgement): Verdict {
  const { name, until } = judgement;
  const ended = container.state === "exited" || container.state === "dead";
  if (until === "completed") return judgeCompletion(container, name);
  if (until === "running_or_healthy" && ended && container.exitCode === 0) return { kind: "done", status: "Exited" };
  if (ended) return { kind: "failed", message: `container ${name} ${exitText(container)}` };
  if (until !== "healthy" && container.restartCount - judgement.restartsBefore >= restartsTolerated) {
    return { kind: "failed", message: `container ${name} keeps restarting: it ${exitText(container)}` };
  }
  if (container.state !== "running") return { kind: "pending", text: `container ${name} is ${container.state}` };
  if (until === "running" || (until === "running_or_healthy" && container.health === "none"))
    return judgeRunning(container, judgement);
  return judgeHealth(container, name);
}

function judgeCompletion(container: ContainerDetails, name: string): Verdict {
  if (container.state !== "exited" && container.state !== "dead")
    return { kind: "pending", text: `container ${name} has not ended yet` };
  if (container.exitCode === 0) return { kind: "done", status: "Exited" };
  return { kind: "failed", message: `container ${name} didn't complete successfully: it ${exitText(container)}` };
}

function judgeRunning(container: ContainerDetails, { name, until, now }: Judgement): Verdict {
  const stableAt = Date.parse(container.startedAt) + stableMs;
  if (until === "running" || !(stableAt > now)) return { kind: "done", status: "Running" };
  return { kind: "pending", text: `container ${name} has just started`, recheckAt: stableAt };
}

function judgeHealth(container: ContainerDetails, name: string): Verdict {
  switch (container.health) {
    case "healthy":
      return { kind: "done", status: "Healthy" };
    case "unhealthy":
      return { kind: "failed", message: `container ${name} is unhealthy` };
    case "none":
      return {
        kind: "failed",
        message: `container ${name} has no healthcheck configured, so it can never become healthy`,
      };
    case "starting":
      return { kind: "pending", text: pendingHealth(container, name) };
  }
}

function pendingHealth(container: ContainerDetails, name: string): string {
  const last = container.probes.at(-1);
  if (last === undefined) return `container ${name} waits for its first health check`;
  const output = last.output.trim().split("\n").at(-1) ?? "";
  return `container ${name} is not healthy yet: check ${container.probes.length} ended with ${last.exitCode}${output === "" ? "" : `, ${output}`}`;
}

function exitText(container: ContainerDetails): string {
  const meaning = exitCodeMeaning(container.exitCode, container.outOfMemory);
  return `exited (${container.exitCode})${meaning === undefined ? "" : `, ${meaning}`}`;
}
