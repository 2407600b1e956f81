import { expect, test } from "vitest";

import { sinceStart } from "../../../src/actions/logs/readings.ts";

const never = "0001-01-01T00:00:00Z";
const running = { state: "running", startedAt: "2026-01-01T00:00:10.5Z" } as const;
const at = (stamp: string): { timeNano: bigint } => ({ timeNano: BigInt(Date.parse(stamp)) * 1_000_000n });

test("a line that is older than the engine's time of the start is of this life", () => {
  expect(sinceStart({ ...running, finishedAt: never }, at("2026-01-01T00:00:10.6Z"))).toBe("1767225610.350000000");
});

test("but not what is of the life before", () => {
  const container = { ...running, finishedAt: "2026-01-01T00:00:10.456789123Z" };
  expect(sinceStart(container, at("2026-01-01T00:00:10.6Z"))).toBe("1767225610.456789123");
});

test("one that is over by now, or has been started again, is known by what was told", () => {
  const over = { ...running, state: "exited", finishedAt: "2026-01-01T00:00:10.499Z" } as const;
  expect(sinceStart(over, at("2026-01-01T00:00:10.6Z"))).toBe("1767225610.350000000");
  const again = { ...running, startedAt: "2026-01-01T00:00:12Z", finishedAt: "2026-01-01T00:00:11Z" };
  expect(sinceStart(again, at("2026-01-01T00:00:10.6Z"))).toBe("1767225609.600000000");
});
