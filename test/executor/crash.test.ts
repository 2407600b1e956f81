import { describe, expect, test } from "vitest";

import { crashScenarios, crashTable } from "../harness/crash.ts";
import { fakeEngine } from "../harness/fake-engine.ts";

describe("each step may be the last", () => {
  test.each(Object.entries(crashScenarios("busybox")))("%s", async (_, scenario) => {
    const stage = {
      image: "busybox",
      open: async () => ({ engine: fakeEngine(), name: "p" }),
      close: async () => {},
    };
    const table = await crashTable(stage, scenario);
    expect(table.length).toBeGreaterThan(4);
    expect(table.filter(({ outcome }) => outcome !== "up to date")).toEqual([]);
  });
});
