// What engines, labels and files say reaches the terminal as text: it moves no cursor and starts no line of its own.
import { expect, test } from "vitest";

import { EngineError, PlanError } from "../../src/model/error.ts";
import { emptyPlan } from "../../src/model/plan.ts";
import { formatDiagnostics } from "../../src/render/diagnostic.ts";
import { formatEvent } from "../../src/render/events.ts";
import { formatFailure } from "../../src/render/failure.ts";
import { formatMessage } from "../../src/render/message.ts";
import { plainFormatter } from "../../src/render/plain.ts";
import { formatPlan } from "../../src/render/plan.ts";
import { ask } from "../../src/render/prompt.ts";
import { nextRows } from "../../src/render/rows.ts";
import { formatTable } from "../../src/render/table.ts";
import { formatWatch } from "../../src/render/watch.ts";

const evil = "a\u001B[2J\u001B]0;title\u0007\u009B1Ab\r\u202Ec";
const tame = "abc";
const colour = false;

test("messages and diagnostics", () => {
  expect(formatMessage({ severity: "error", message: evil, hint: evil }, { colour })).toBe(
    `error: ${tame}\n  hint: ${tame}\n`,
  );
  const source = { path: `/${evil}.yaml`, text: `${evil}: 1\n` };
  const at = { source, start: 0, end: 1 };
  const diagnostic = { code: "x", severity: "error", message: evil, path: evil, hint: evil, at } as const;
  const text = formatDiagnostics([{ ...diagnostic, notes: [{ message: evil, at }] }], { colour, cwd: "/" });
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
  expect(text).toContain(`note: ${tame}`);
});

test("failures, with what an engine said", () => {
  const details = { status: 500, operation: "start", resource: evil, hint: evil };
  const failure = { stepId: 1, resource: evil, error: new EngineError(`no: ${evil}`, details), details: [evil] };
  const error = new PlanError([failure], [{ resource: evil, because: evil }]);
  expect(formatFailure(error, { colour, cwd: "/" })).toBe(
    `error: ${tame}: no: ${tame}\n  hint: ${tame}\n  ${tame}\n\nnot tried\n  because of ${tame}: ${tame}\n`,
  );
});

test("progress: lines and rows", () => {
  const step = { stepId: 1, step: "container.start", resource: `container ${evil}`, time: 0 } as const;
  const format = plainFormatter(colour);
  expect(format({ kind: "step.started", ...step, cause: "", status: "Starting" })).toBe(
    ` Container ${tame}  Starting\n`,
  );
  expect(format({ kind: "step.failed", ...step, message: evil, details: [] })).toBe(
    ` Container ${tame}  Error ${tame}\n`,
  );
  const planned = { id: 1, kind: step.step, resource: step.resource, cause: "", after: [] };
  const rows = nextRows(new Map(), { kind: "plan.started", verb: "up", steps: [planned], time: 0 });
  expect([...rows.values()].map(({ title }) => title)).toEqual([`Container ${tame}`]);
});

test("plans and questions", async () => {
  const question = `was brought up from ${evil}\nforged: line`;
  const plan = {
    ...emptyPlan,
    confirmations: [{ key: "k", kind: "foreign.project", question, blocking: true }],
    losses: [evil],
  } as const;
  const text = formatPlan(plan, { colour });
  expect(text).toContain(`asks first: was brought up from ${tame} forged: line\n`);
  expect(text).toContain(`data that will be lost: ${tame}\n`);
  let asked = "";
  const stream = { write: (written: string) => void (asked += written) };
  const options = { colour, isInteractive: () => false, stream } as unknown as Parameters<typeof ask>[1];
  await ask(`These:\n  ${evil}\nAll?`, options, undefined);
  expect(asked).toBe(`These:\n  ${tame}\nAll? no: nobody is there to answer\n`);
});

test("tables, events and what is watched", () => {
  expect(
    formatTable(
      [
        ["NAME", "CONFIG FILES"],
        [evil, `${evil}\nforged  row`],
      ],
      { minWidth: 4, gap: 3 },
    ),
  ).toBe(`NAME   CONFIG FILES\n${tame}    ${tame} forged  row\n`);
  const attributes = new Map([["image", `${evil}\nforged`]]);
  const event = { action: "die", id: "1", service: "web", timeNano: 0n, attributes };
  expect(formatEvent(event)).toMatch(/ container die 1 \(image=abc forged\)\n$/);
  const synced = { kind: "synced", service: "web", containers: ["1"], written: [evil], removed: [] } as const;
  expect(formatWatch(synced, { errorColour: colour, prefix: "" }).text).toContain(`: ${tame}\n`);
});
