import { expect, test } from "vitest";

import type { ProgressEvent } from "../../src/model/event.ts";
import { chromeTrace, timeline, timelineSvg } from "../../src/render/timeline.ts";

const step = (stepId: number, resource: string): { stepId: number; step: "container.start"; resource: string } => ({
  stepId,
  step: "container.start",
  resource,
});
const planned = (id: number, resource: string, after: number[]) => ({
  id,
  kind: "container.start" as const,
  resource,
  cause: "created",
  after,
});

/** db takes 300 ms, cache 50; web needs both and takes 100. */
const events: ProgressEvent[] = [
  {
    kind: "plan.started",
    verb: "up",
    time: 1000,
    steps: [
      planned(1, "container db-1", []),
      planned(2, "container cache-1", []),
      planned(3, "container <web>", [1, 2]),
    ],
  },
  { kind: "step.started", ...step(1, "container db-1"), cause: "created", status: "Starting", time: 1000 },
  { kind: "step.started", ...step(2, "container cache-1"), cause: "created", status: "Starting", time: 1000 },
  { kind: "step.done", ...step(2, "container cache-1"), status: "Started", time: 1050 },
  { kind: "step.done", ...step(1, "container db-1"), status: "Started", time: 1300 },
  { kind: "step.started", ...step(3, "container <web>"), cause: "created", status: "Starting", time: 1300 },
  { kind: "step.failed", ...step(3, "container <web>"), message: "no", details: [], time: 1400 },
  { kind: "plan.finished", failed: true, time: 1400 },
];

test("each step's time, and the chain that decided the whole", () => {
  const lines = timeline(events).map(
    (each) =>
      `${each.start}–${each.end} ${each.resource}${each.critical ? " critical" : ""}${each.failed ? " failed" : ""}`,
  );
  expect(lines).toEqual([
    "0–300 container db-1 critical",
    "0–50 container cache-1",
    "300–400 container <web> critical failed",
  ]);
});

test("the trace has a row for each resource, in microseconds", () => {
  const trace = JSON.parse(chromeTrace(timeline(events)));
  const bars = trace.traceEvents.filter((event: { ph: string }) => event.ph === "X");
  expect(bars).toMatchObject([
    { ts: 0, dur: 300_000, tid: 1, cat: "critical" },
    { ts: 0, dur: 50_000, tid: 2, cat: "step" },
    { ts: 300_000, dur: 100_000, tid: 3 },
  ]);
});

test("the picture escapes names and marks the critical path", () => {
  const svg = timelineSvg(timeline(events), "up");
  expect(svg).toContain("container &lt;web&gt;");
  expect(svg).not.toContain("<web>");
  expect(svg.match(/#d4660a/g)).toHaveLength(1);
  expect(svg).toContain("up: 400 ms");
});

test("no plan, no rows", () => expect(timeline([])).toEqual([]));
