import type { ContainerDetails } from "../engine/engine.ts";
import type { AwaitCondition } from "../model/plan.ts";
import { exitCodeMeaning } from "./exit-code.ts";
import type { Verdict } from "./watch.ts";

/** How long a container without a health check must stay up before it counts as running. */
const stableMs = 1500;
/** A container that the engine has restarted as often as this, while we waited, is not coming up. */
const restartsTolerated = 5;

export interface Judgement {
  readonly until: AwaitCondition;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When the wait began; the engine's clock may be another. */
  readonly since: number;
  readonly restartsBefore: number;
  /** Time is up: what runs at this moment runs. */
  readonly isLast: boolean;
}

/** What a container's state means for one who waits for it; texts go on after its name. Pure: the clock is given. */
export function judge(container: ContainerDetails, judgement: Judgement): Verdict {
  const { until } = judgement;
  const ended = container.state === "exited" || container.state === "dead";
  if (until === "completed") return judgeCompletion(container);
  if (until === "running" && ended) return { kind: "done", status: "Exited" };
  if (until === "running_or_healthy" && ended && container.exitCode === 0) return { kind: "done", status: "Exited" };
  if (ended) return { kind: "failed", message: exitText(container) };
  if (container.restartCount - judgement.restartsBefore >= restartsTolerated) {
    return { kind: "failed", message: `keeps restarting: it ${exitText(container)}` };
  }
  if (container.state !== "running") return { kind: "pending", text: `is ${container.state}` };
  if (until === "running" || (until === "running_or_healthy" && container.health === "none"))
    return judgeRunning(container, judgement);
  return judgeHealth(container);
}

function judgeCompletion(container: ContainerDetails): Verdict {
  if (container.state !== "exited" && container.state !== "dead") return { kind: "pending", text: `has not ended yet` };
  if (container.exitCode === 0) return { kind: "done", status: "Exited" };
  return { kind: "failed", message: `didn't complete successfully: it ${exitText(container)}` };
}

function judgeRunning(container: ContainerDetails, { until, now, since, isLast }: Judgement): Verdict {
  const stableAt = Math.min(Date.parse(container.startedAt), since) + stableMs;
  if (isLast || until === "running" || !(stableAt > now)) return { kind: "done", status: "Running" };
  return { kind: "pending", text: `has just started`, recheckAt: stableAt };
}

function judgeHealth(container: ContainerDetails): Verdict {
  switch (container.health) {
    case "healthy":
      return { kind: "done", status: "Healthy" };
    case "unhealthy":
      return { kind: "failed", message: `is unhealthy` };
    case "none":
      return {
        kind: "failed",
        message: `has no healthcheck configured, so it can never become healthy`,
      };
    case "starting":
      return { kind: "pending", text: pendingHealth(container) };
  }
}

function pendingHealth(container: ContainerDetails): string {
  const last = container.probes.at(-1);
  if (last === undefined) return `waits for its first health check`;
  const output = last.output.trim().split("\n").at(-1) ?? "";
  return `is not healthy yet: its last check ended with ${last.exitCode}${output === "" ? "" : `, ${output}`}`;
}

function exitText(container: ContainerDetails): string {
  const meaning = exitCodeMeaning(container.exitCode, container.outOfMemory);
  return `exited (${container.exitCode})${meaning === undefined ? "" : `, ${meaning}`}`;
}
