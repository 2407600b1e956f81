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
  const result = judge({ ...running, ...change }, { name: "web-1", until, now: started + afterMs, restartsBefore: 0 });
  if (result.kind === "done") return `done: ${result.status}`;
  if (result.kind === "failed") return `failed: ${result.message}`;
  return `pending: ${result.text}${result.recheckAt === undefined ? "" : ` (again at ${result.recheckAt - started} ms)`}`;
}

describe("what a wait makes of a container", () => {
  test.each<[AwaitCondition, Partial<ContainerDetails>, string]>([
    ["healthy", { health: "healthy" }, "done: Healthy"],
    ["healthy", { health: "starting" }, "pending: container web-1 waits for its first health check"],
    [
      "healthy",
      { health: "starting", probes: [{ exitCode: 1, output: "connecting\nrefused\n" }] },
      "pending: container web-1 is not healthy yet: check 1 ended with 1, refused",
    ],
    ["healthy", { health: "unhealthy" }, "failed: container web-1 is unhealthy"],
    [
      "healthy",
      { health: "none" },
      "failed: container web-1 has no healthcheck configured, so it can never become healthy",
    ],
    ["healthy", { state: "exited", exitCode: 0 }, "failed: container web-1 exited (0)"],
    [
      "healthy",
      { state: "exited", exitCode: 127 },
      "failed: container web-1 exited (127), which usually means that the command was not found in the image",
    ],
    [
      "healthy",
      { state: "exited", exitCode: 137, outOfMemory: true },
      "failed: container web-1 exited (137), because it used more memory than it may (raise mem_limit, or use less)",
    ],
    ["healthy", { state: "created" }, "pending: container web-1 is created"],
    ["healthy", { state: "restarting", restartCount: 9 }, "pending: container web-1 is restarting"],
    ["completed", { state: "exited", exitCode: 0 }, "done: Exited"],
    [
      "completed",
      { state: "exited", exitCode: 3 },
      "failed: container web-1 didn't complete successfully: it exited (3)",
    ],
    ["completed", {}, "pending: container web-1 has not ended yet"],
    ["running", {}, "done: Running"],
    ["running_or_healthy", {}, "done: Running"],
    ["running_or_healthy", { state: "exited", exitCode: 0 }, "done: Exited"],
    ["running_or_healthy", { state: "exited", exitCode: 5 }, "failed: container web-1 exited (5)"],
    ["running_or_healthy", { health: "starting" }, "pending: container web-1 waits for its first health check"],
    ["running_or_healthy", { health: "unhealthy" }, "failed: container web-1 is unhealthy"],
    [
      "running_or_healthy",
      { state: "restarting", restartCount: 2, exitCode: 1 },
      "pending: container web-1 is restarting",
    ],
    [
      "running_or_healthy",
      { state: "restarting", restartCount: 3, exitCode: 1 },
      "failed: container web-1 keeps restarting: it exited (1)",
    ],
  ])("until %s: %j", (until, change, expected) => expect(verdict(until, change)).toBe(expected));

  test("a container that has just started is looked at again when it has been up for a second", () => {
    expect(verdict("running_or_healthy", {}, 200)).toBe("pending: container web-1 has just started (again at 1000 ms)");
    expect(verdict("running_or_healthy", {}, 1000)).toBe("done: Running");
    expect(verdict("running", {}, 0)).toBe("done: Running");
  });
});
