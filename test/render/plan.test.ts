import { describe, expect, test } from "vitest";

import type { ObservedContainer } from "../../src/model/observed.ts";
import type { Plan, Step } from "../../src/model/plan.ts";
import { planToJson } from "../../src/render/plan-json.ts";
import { formatPlan } from "../../src/render/plan.ts";

const nothing: Plan = {
  steps: [],
  unchanged: [],
  changes: new Map(),
  confirmations: [],
  problems: [],
  warnings: [],
  losses: [],
};

const old: ObservedContainer = {
  id: "1".repeat(64),
  name: "shop-web-1",
  project: "shop",
  service: "web",
  number: 1,
  oneOff: false,
  state: "running",
  health: "none",
  status: "Up 5 minutes",
  image: "nginx:1",
  imageId: "sha256:1",
  command: "nginx",
  createdAt: 0,
  labels: new Map(),
  ports: [],
  mounts: [],
  networks: new Map(),
};

const web = { id: old.id, name: "shop-web-1", service: "web", number: 1 };
const service = { name: "web", image: "nginx:2" };
const creation = { service, image: "nginx:2", number: 1, name: "shop-web-1", references: new Map(), inherits: [] };

/** web is replaced for two reasons, db only started, a volume and an orphan go, and the network stays. */
const mixed: Plan = {
  ...nothing,
  steps: number([
    {
      kind: "volume.remove",
      resource: "volume shop_data",
      cause: "driver_opts changed",
      name: "shop_data",
      inUse: "fail",
    },
    {
      kind: "volume.create",
      resource: "volume shop_data",
      cause: "driver_opts changed",
      volume: { key: "data", name: "shop_data" },
    },
    { kind: "container.stop", resource: "container shop-web-1", cause: "makes room", container: web },
    { kind: "container.create", resource: "container shop-web-1", cause: "image changed", ...creation, replaces: old },
    { kind: "container.remove", resource: "container shop-web-1", cause: "replaced", container: web, volumes: false },
    {
      kind: "container.start",
      resource: "container shop-db-1",
      cause: "exited with code 1",
      container: { ...web, name: "shop-db-1" },
    },
    {
      kind: "container.await",
      resource: "container shop-cache-1",
      cause: "web depends on it",
      container: web,
      until: "running",
      optional: false,
    },
    { kind: "container.remove", resource: "container shop-old-1", cause: "orphan", container: web, volumes: false },
  ]),
  unchanged: [
    { resource: "network shop_default", status: "Exists" },
    { resource: "container shop-cache-1", status: "Running" },
  ],
  changes: new Map([
    [
      "container shop-web-1",
      [
        { path: "image", before: "nginx:1", after: "nginx:2" },
        { path: "environment.DEBUG", after: "1" },
        { path: "environment.PASSWORD" },
      ],
    ],
  ]),
  losses: ["shop_data"],
  warnings: ["container shop-old-1 belongs to no service"],
  confirmations: [
    { key: "volume.recreate data", kind: "volume.recreate", question: "Recreate volume shop_data?", blocking: false },
  ],
};

function number(steps: readonly unknown[]): readonly Step[] {
  return steps.map((step, index) => ({ id: index + 1, after: [], ...(step as object) }) as unknown as Step);
}

describe("a plan as a person reads it", () => {
  test("what happens to each resource, why, and which field is the reason", () => {
    expect(formatPlan(mixed, { colour: false })).toMatchInlineSnapshot(`
      "warning: container shop-old-1 belongs to no service

      2 to replace, 1 to start, 1 to remove; 2 up to date

      ± replace  volume shop_data      driver_opts changed  its data is lost
      ± replace  container shop-web-1  image changed
          image: nginx:1 → nginx:2
          environment.DEBUG: (not set) → 1
          environment.PASSWORD: another value, not shown
      > start    container shop-db-1   exited with code 1
      - remove   container shop-old-1  orphan

      up to date: network shop_default, container shop-cache-1

      data that will be lost: shop_data

      asks first: Recreate volume shop_data?
      "
    `);
  });

  test("nothing to do", () => {
    expect(formatPlan({ ...nothing, unchanged: mixed.unchanged }, { colour: false })).toMatchInlineSnapshot(`
      "nothing to do, 2 up to date

      up to date: network shop_default, container shop-cache-1
      "
    `);
    expect(formatPlan(nothing, { colour: false })).toBe("nothing to do\n");
  });

  test("colours add nothing but escape codes", () => {
    const coloured = formatPlan(mixed, { colour: true });
    expect(coloured).toContain("\u001B[31m");
    expect(coloured.replaceAll(/\u001B\[\d+m/g, "")).toBe(formatPlan(mixed, { colour: false }));
  });
});

describe("a plan as data", () => {
  test("has the same changes, and the steps", () => {
    const data = JSON.parse(planToJson(mixed)) as { changes: Record<string, unknown>[]; steps: unknown[] };
    expect(data.changes.map(({ resource, action, loss }) => [resource, action, loss])).toEqual([
      ["volume shop_data", "replace", true],
      ["container shop-web-1", "replace", false],
      ["container shop-db-1", "start", false],
      ["container shop-old-1", "remove", false],
    ]);
    expect(data.steps).toHaveLength(8);
  });
});
