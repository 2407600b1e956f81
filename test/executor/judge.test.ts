import { describe, expect, test } from "vitest";

import type { ContainerDetails } from "../../src/engine/engine.ts";
import { judge } from "../../src/executor/judge.ts";
import type { AwaitCondition } from "../../src/model/plan.ts";

const started = Date.parse("2026-01-01T00:00:00Z");
const running: ContainerDetails = {
  id: "1",
  name: "web-1",
  state: "running",
  exitCode: 0,
  outOfMemory: false,
  error: "",
  health: "none",
  probes: [],
  startedAt: "2026-01-01T00:00:00Z",
  finishedAt: "",
  tty: false,
  openStdin: false,
  restartCount: 0,
  imageId: "",
  labels: new Map(),
  environment: [],
  healthcheckTest: [],
  raw: {},
};

function verdict(until: AwaitCondition, change: Partial<ContainerDetails>, afterMs = 60_000): string {
  const result = judge(
    { ...running, ...change },
    { until, now: started + afterMs, since: started, restartsBefore: 0, isLast: false },
  );
  if (result.kind === "done") return `done: ${result.status}`;
  if (result.kind === "failed") return `failed: ${result.message}`;
  return `pending: ${result.text}${result.recheckAt === undefined ? "" : ` (again at ${result.recheckAt - started} ms)`}`;
}

describe("what a wait makes of a container", () => {
  test.each<[AwaitCondition, Partial<ContainerDetails>, string]>([
    ["healthy", { health: "healthy" }, "done: Healthy"],
    ["healthy", { health: "starting" }, "pending: waits for its first health check"],
    [
      "healthy",
      { health: "starting", probes: [{ exitCode: 1, output: "connecting\nrefused\n" }] },
      "pending: is not healthy yet: its last check ended with 1, refused",
    ],
    ["healthy", { health: "unhealthy" }, "failed: is unhealthy"],
    ["healthy", { health: "none" }, "failed: has no healthcheck configured, so it can never become healthy"],
    ["healthy", { state: "exited", exitCode: 0 }, "failed: exited (0)"],
    [
      "healthy",
      { state: "exited", exitCode: 127 },
      "failed: exited (127), which usually means that the command was not found in the image",
    ],
    [
      "healthy",
      { state: "exited", exitCode: 137, outOfMemory: true },
      "failed: exited (137), because it used more memory than it may (raise mem_limit, or use less)",
    ],
    ["healthy", { state: "created" }, "pending: is created"],
    ["healthy", { state: "restarting", restartCount: 4 }, "pending: is restarting"],
    ["healthy", { state: "restarting", restartCount: 5, exitCode: 1 }, "failed: keeps restarting: it exited (1)"],
    ["completed", { state: "exited", exitCode: 0 }, "done: Exited"],
    ["completed", { state: "exited", exitCode: 3 }, "failed: didn't complete successfully: it exited (3)"],
    ["completed", {}, "pending: has not ended yet"],
    ["running", {}, "done: Running"],
    ["running", { state: "exited", exitCode: 1 }, "done: Exited"],
    ["running_or_healthy", {}, "done: Running"],
    ["running_or_healthy", { state: "exited", exitCode: 0 }, "done: Exited"],
    ["running_or_healthy", { state: "exited", exitCode: 5 }, "failed: exited (5)"],
    ["running_or_healthy", { health: "starting" }, "pending: waits for its first health check"],
    ["running_or_healthy", { health: "unhealthy" }, "failed: is unhealthy"],
    ["running_or_healthy", { state: "restarting", restartCount: 4, exitCode: 1 }, "pending: is restarting"],
    [
      "running_or_healthy",
      { state: "restarting", restartCount: 5, exitCode: 1 },
      "failed: keeps restarting: it exited (1)",
    ],
  ])("until %s: %j", (until, change, expected) => expect(verdict(until, change)).toBe(expected));

  test("a container that has just started is looked at again when it has been up for a while", () => {
    expect(verdict("running_or_healthy", {}, 200)).toBe("pending: has just started (again at 1500 ms)");
    expect(verdict("running_or_healthy", {}, 1500)).toBe("done: Running");
    expect(verdict("running", {}, 0)).toBe("done: Running");
  });
});
