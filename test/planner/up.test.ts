import { describe, expect, test } from "vitest";

import { formatPlan } from "../../src/planner/text.ts";
import { broughtUp, nothing, project, up } from "./world.ts";

describe("nothing there yet", () => {
  test("network, container, start", () => {
    expect(formatPlan(up(project({ services: { web: {} } })))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-web-1 after #1 (missing)
      #3 container.start container p-web-1 after #2 (created)"
    `);
  });

  test("volumes and networks that are used come first; independent services do not wait for each other", () => {
    const shop = project({
      services: {
        web: { networks: ["front"], depends_on: { db: {} } },
        db: { networks: ["back"], volumes: [{ type: "volume", source: "data", target: "/data" }] },
        cache: { networks: ["back"] },
      },
      networks: { front: {}, back: {} },
      volumes: { data: {} },
    });
    expect(formatPlan(up(shop))).toMatchInlineSnapshot(`
      "#1 network.create network p_front (missing)
      #2 network.create network p_back (missing)
      #3 volume.create volume p_data (missing)
      #4 container.create container p-cache-1 after #2 (missing)
      #5 container.create container p-db-1 after #2 #3 (missing)
      #6 container.create container p-web-1 after #1 (missing)
      #7 container.start container p-cache-1 after #4 (created)
      #8 container.start container p-db-1 after #5 (created)
      #9 container.start container p-web-1 after #6 #8 (created)"
    `);
  });

  test("replicas start side by side, and one after the other where they share a range of ports", () => {
    const ranged = project({
      services: {
        plain: { scale: 2 },
        ranged: { scale: 2, ports: [{ target: 80, published: "8000-8010", protocol: "tcp" }] },
      },
    });
    expect(formatPlan(up(ranged))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-plain-1 after #1 (missing)
      #3 container.create container p-plain-2 after #1 (missing)
      #4 container.create container p-ranged-1 after #1 (missing)
      #5 container.create container p-ranged-2 after #1 (missing)
      #6 container.start container p-plain-1 after #2 (created)
      #7 container.start container p-plain-2 after #3 (created)
      #8 container.start container p-ranged-1 after #4 (created)
      #9 container.start container p-ranged-2 after #5 #8 (created)"
    `);
  });

  test("create stops short of starting", () => {
    expect(
      formatPlan(up(project({ services: { web: { depends_on: { db: {} } }, db: {} } }), nothing, { start: false })),
    ).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-db-1 after #1 (missing)
      #3 container.create container p-web-1 after #1 (missing)"
    `);
  });

  test("a service scaled to nothing has no container, and nobody waits for it", () => {
    const none = project({
      services: { web: { depends_on: { db: { condition: "service_healthy" } } }, db: { scale: 0 } },
    });
    expect(formatPlan(up(none))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-web-1 after #1 (missing)
      #3 container.start container p-web-1 after #2 (created)"
    `);
  });

  test("more containers than any engine runs are refused, not thought out", () => {
    expect(up(project({ services: { web: { scale: 1_000_000_000 } } })).problems).toMatchObject([
      {
        code: "scaled-too-far",
        message: 'service "web" asks for 1000000000 containers, and no engine runs more than 10000',
        path: "services.web",
      },
    ]);
  });
});

describe("up to date", () => {
  test("no steps", () => {
    const shop = project({ services: { web: { depends_on: { db: {} } }, db: {} } });
    const plan = up(shop, broughtUp(shop));
    expect(formatPlan(plan)).toBe("");
    expect(plan.unchanged).toMatchInlineSnapshot(`
      [
        {
          "resource": "container p-db-1",
          "status": "Running",
        },
        {
          "resource": "container p-web-1",
          "status": "Running",
        },
      ]
    `);
  });
});
