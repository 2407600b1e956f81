import { describe, expect, test } from "vitest";

import type { ObservedContainer } from "../../src/model/observed.ts";
import { planStart } from "../../src/planner/start.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { adjusted, broughtUp, hex, image, nothing, project, up } from "./world.ts";

const healthcheck = { test: ["CMD", "true"] };

describe("depends_on", () => {
  test("service_healthy: a wait of its own for each container, once for everybody", () => {
    const shop = project({
      services: {
        api: { depends_on: { db: { condition: "service_healthy" } } },
        web: { depends_on: { db: { condition: "service_healthy" } } },
        db: { healthcheck, scale: 2 },
      },
    });
    expect(formatPlan(up(shop))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-db-1 after #1 (missing)
      #3 container.create container p-db-2 after #1 (missing)
      #4 container.create container p-api-1 after #1 (missing)
      #5 container.create container p-web-1 after #1 (missing)
      #6 container.start container p-db-1 after #2 (created)
      #7 container.start container p-db-2 after #3 (created)
      #8 container.await container p-db-1 until healthy after #6 (api and web depend on it)
      #9 container.await container p-db-2 until healthy after #7 (api and web depend on it)
      #10 container.start container p-api-1 after #4 #8 #9 (created)
      #11 container.start container p-web-1 after #5 #8 #9 (created)"
    `);
  });

  test("service_completed_successfully: the first container is the job", () => {
    const shop = project({
      services: { web: { depends_on: { init: { condition: "service_completed_successfully" } } }, init: { scale: 2 } },
    });
    expect(formatPlan(up(shop))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-init-1 after #1 (missing)
      #3 container.create container p-init-2 after #1 (missing)
      #4 container.create container p-web-1 after #1 (missing)
      #5 container.start container p-init-1 after #2 (created)
      #6 container.start container p-init-2 after #3 (created)
      #7 container.await container p-init-1 until completed after #5 (web depends on it)
      #8 container.start container p-web-1 after #4 #6 #7 (created)"
    `);
  });

  test("required: false: nothing that goes wrong there holds anybody up", () => {
    const shop = project({
      services: {
        web: { depends_on: { db: { condition: "service_healthy", required: false }, log: { required: false } } },
        db: { healthcheck },
        log: {},
      },
    });
    expect(formatPlan(up(shop))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-db-1 after #1 (missing)
      #3 container.create container p-log-1 after #1 (missing)
      #4 container.create container p-web-1 after #1 (missing)
      #5 container.start container p-db-1 after #2 (created)
      #6 container.start container p-log-1 after #3 (created)
      #7 container.await container p-db-1 until healthy, optional after #5 (web depends on it)
      #8 container.await container p-log-1 until running, optional after #6 (web depends on it)
      #9 container.start container p-web-1 after #4 #7 #8 (created)"
    `);
  });

  test("the order holds through services that need nothing themselves", () => {
    const sketch = { web: { depends_on: { api: {} } }, api: { depends_on: { db: {} } }, db: {} };
    const shop = project({ services: sketch });
    const before = adjusted(adjusted(broughtUp(shop), "p-db-1", { state: "exited", exitCode: 1 }), "p-web-1", {
      state: "exited",
    });
    expect(formatPlan(up(shop, before))).toMatchInlineSnapshot(`
      "#1 container.start container p-db-1 (exited with code 1)
      #2 container.start container p-web-1 after #1 (stopped)"
    `);
  });

  test("services that are not selected are not waited for", () => {
    const shop = project({
      services: { web: { depends_on: { db: { condition: "service_healthy" } } } },
      disabled: ["db"],
    });
    expect(formatPlan(up(shop, broughtUp(shop)))).toBe("");
  });

  test("healthy already: nothing to wait for; not yet: a wait, although nothing is started", () => {
    const shop = project({
      services: { web: { depends_on: { db: { condition: "service_healthy" } } }, db: { healthcheck } },
    });
    expect(formatPlan(up(shop, broughtUp(shop)))).toBe("");
    const starting = adjusted(broughtUp(shop), "p-db-1", { health: "starting" });
    expect(formatPlan(up(shop, starting))).toMatchInlineSnapshot(
      `"#1 container.await container p-db-1 until healthy (web depends on it)"`,
    );
  });

  test("a wait for health where there is no health check is refused", () => {
    const shop = project({ services: { web: { depends_on: { db: { condition: "service_healthy" } } }, db: {} } });
    expect(up(shop).problems).toMatchInlineSnapshot(`
      [
        {
          "code": "no-healthcheck",
          "hint": "give "db" a healthcheck, or depend on it with condition: service_started",
          "message": "service "web" waits for "db" to be healthy, but "db" has no health check",
          "path": "services.web.depends_on.db",
          "severity": "error",
        },
      ]
    `);
    const inImage = { ...nothing, images: new Map([["busybox", image("busybox", { healthcheck: true })]]) };
    expect(up(shop, inImage).problems).toEqual([]);
    const disabled = project({
      services: {
        web: { depends_on: { db: { condition: "service_healthy" } } },
        db: { healthcheck: { disable: true } },
      },
    });
    expect(up(disabled, inImage).problems).toHaveLength(1);
  });

  test("a circle is told with its way", () => {
    const shop = project({
      services: { a: { depends_on: { c: {} } }, b: { depends_on: { a: {} } }, c: { depends_on: { b: {} } } },
    });
    expect(() => up(shop)).toThrow("services depend on each other in a circle: a → c → b → a");
  });
});

describe("--wait", () => {
  const shop = project({
    services: {
      init: {},
      web: {
        depends_on: { init: { condition: "service_completed_successfully" }, db: { condition: "service_healthy" } },
      },
      db: { healthcheck },
    },
  });

  test("jobs are waited for until they end, others until they run or are healthy; nobody is waited for twice", () => {
    expect(formatPlan(up(shop, nothing, { wait: true, waitTimeoutMs: 5000 }))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-db-1 after #1 (missing)
      #3 container.create container p-init-1 after #1 (missing)
      #4 container.create container p-web-1 after #1 (missing)
      #5 container.start container p-db-1 after #2 (created)
      #6 container.start container p-init-1 after #3 (created)
      #7 container.await container p-db-1 until healthy after #5 (web depends on it)
      #8 container.await container p-init-1 until completed after #6 (web depends on it)
      #9 container.start container p-web-1 after #4 #7 #8 (created)
      #10 container.await container p-web-1 until running_or_healthy after #9 (--wait)"
    `);
    const limits = up(shop, nothing, { wait: true, waitTimeoutMs: 5000 }).steps.map(
      (step) => "timeoutMs" in step && step.timeoutMs,
    );
    expect(limits.filter((limit) => limit === 5000)).toHaveLength(3);
  });

  test("what runs for a while, or is healthy, needs no wait", () => {
    const running = project({ services: { web: {}, db: { healthcheck } } });
    expect(formatPlan(up(running, broughtUp(running), { wait: true }))).toBe("");
    expect(up(running, broughtUp(running), { wait: true }).unchanged.map(({ status }) => status)).toEqual([
      "Healthy",
      "Running",
    ]);
    for (const status of ["Up Less than a second", "Up 1 second"]) {
      const young = adjusted(broughtUp(running), "p-web-1", { status });
      expect(formatPlan(up(running, young, { wait: true }))).toBe(
        "#1 container.await container p-web-1 until running_or_healthy (--wait)",
      );
    }
  });
});

test("hooks: pre_start before the first start, post_start after each, one after the other", () => {
  const hook = (name: string): { command: readonly string[] } => ({ command: [name] });
  const shop = project({
    services: {
      web: { depends_on: { db: {} } },
      db: { scale: 2, pre_start: [hook("migrate"), hook("seed")], post_start: [hook("warm"), hook("tell")] },
    },
  });
  expect(formatPlan(up(shop))).toMatchInlineSnapshot(`
    "#1 network.create network p_default (missing)
    #2 container.create container p-db-1 after #1 (missing)
    #3 container.create container p-db-2 after #1 (missing)
    #4 container.create container p-web-1 after #1 (missing)
    #5 hook.run container p-db-1 ["migrate"] after #2 (pre_start hook)
    #6 hook.run container p-db-1 ["seed"] after #5 (pre_start hook)
    #7 container.start container p-db-1 after #6 (created)
    #8 hook.exec container p-db-1 ["warm"] after #7 (post_start hook)
    #9 hook.exec container p-db-1 ["tell"] after #8 (post_start hook)
    #10 container.start container p-db-2 after #3 #6 (created)
    #11 hook.exec container p-db-2 ["warm"] after #10 (post_start hook)
    #12 hook.exec container p-db-2 ["tell"] after #11 (post_start hook)
    #13 container.start container p-web-1 after #4 #9 #12 (created)"
  `);
  const one = adjusted(broughtUp(shop), "p-db-2", { state: "exited", exitCode: 0 });
  expect(formatPlan(up(shop, one))).toMatchInlineSnapshot(`
    "#1 container.start container p-db-2 (exited with code 0)
    #2 hook.exec container p-db-2 ["warm"] after #1 (post_start hook)
    #3 hook.exec container p-db-2 ["tell"] after #2 (post_start hook)"
  `);
});

test("what a pre_start hook left that failed makes way for the next one, and is no container of the service", () => {
  const shop = project({ services: { db: { pre_start: [{ command: ["migrate"] }] } } });
  const failed = adjusted(broughtUp(shop), "p-db-1", { state: "created" });
  const labels = new Map([["com.docker.compose.hook", "pre_start"]]);
  const left = failed.containers.map(({ number: _number, ...db }): ObservedContainer => ({
    ...db,
    id: hex("hook"),
    name: "p-db-1-pre_start-0",
    state: "exited",
    labels,
  }));
  const observed = { ...failed, containers: [...left, ...failed.containers] };
  const expected = `#1 container.remove container p-db-1-pre_start-0 (left over from a pre_start hook)
#2 hook.run container p-db-1 ["migrate"] after #1 (pre_start hook)
#3 container.start container p-db-1 after #2 (created)`;
  expect(formatPlan(up(shop, observed))).toBe(expected);
  expect(formatPlan(planStart(shop, observed, { wait: false }))).toBe(expected);
});

test("secrets and configs are put into a container before each of its starts", () => {
  const shop = project({
    services: {
      web: { secrets: [{ source: "key" }], configs: [{ source: "file" }] },
      empty: { configs: [{ source: "none" }] },
    },
    secrets: { key: { environment: "KEY", value: "s3cret" } },
    configs: { file: { file: "/p/file" }, none: { content: "" } },
  });
  const stopped = adjusted(broughtUp(shop), "p-web-1", { state: "exited", exitCode: 0 });
  expect(formatPlan(up(shop, adjusted(stopped, "p-empty-1", { state: "exited", exitCode: 0 })))).toMatchInlineSnapshot(`
    "#1 container.start container p-empty-1 (exited with code 0)
    #2 container.files container p-web-1 (its secrets and configs)
    #3 container.start container p-web-1 after #2 (exited with code 0)"
  `);
});

test("providers run before those who depend on them are made", () => {
  const shop = project({ services: { web: { depends_on: { cloud: {} } }, cloud: { provider: { type: "awsome" } } } });
  expect(formatPlan(up(shop))).toMatchInlineSnapshot(`
    "#1 provider.run service cloud up (provided by awsome)
    #2 network.create network p_default (missing)
    #3 container.create container p-web-1 after #1 #2 (missing)
    #4 container.start container p-web-1 after #3 (created)"
  `);
});
