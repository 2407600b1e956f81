import { describe, expect, test } from "vitest";

import type { ObservedState } from "../../src/model/observed.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Project } from "../../src/model/project.ts";
import { planRestart } from "../../src/planner/restart.ts";
import { planRm, type RmOptions } from "../../src/planner/rm.ts";
import { planKill, planPause, planUnpause } from "../../src/planner/signal.ts";
import { planStart } from "../../src/planner/start.ts";
import { planStop } from "../../src/planner/stop.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { adjusted, broughtUp, hex, nothing, project } from "./world.ts";

const chain = project({
  services: {
    web: { depends_on: { api: {} }, scale: 2 },
    api: { depends_on: { db: { condition: "service_healthy" } } },
    db: { healthcheck: { test: ["CMD", "true"] } },
    other: {},
  },
});

function each(of: Project, change: Parameters<typeof adjusted>[2]): ObservedState {
  const world = broughtUp(of);
  return world.containers.reduce((state, { name }) => adjusted(state, name, change), world);
}

function texts(plan: Plan): string {
  return formatPlan(plan);
}

describe("stop", () => {
  test("goes from those that nobody depends on to those that all depend on", () => {
    expect(texts(planStop(chain, broughtUp(chain), { services: [], timeoutSeconds: 3 }))).toMatchInlineSnapshot(`
      "#1 container.stop container p-web-1 (asked for)
      #2 container.stop container p-web-2 (asked for)
      #3 container.stop container p-other-1 (asked for)
      #4 container.stop container p-api-1 after #1 #2 (asked for)
      #5 container.stop container p-db-1 after #4 (asked for)"
    `);
  });

  test("named services only; the order holds through those that are not named", () => {
    expect(texts(planStop(chain, broughtUp(chain), { services: ["db", "web"] }))).toMatchInlineSnapshot(`
      "#1 container.stop container p-web-1 (asked for)
      #2 container.stop container p-web-2 (asked for)
      #3 container.stop container p-db-1 after #1 #2 (asked for)"
    `);
  });

  test("pre_stop hooks come first, where something runs that they can run in; what is stopped is left alone", () => {
    const hooked = project({
      services: {
        a: { pre_stop: [{ command: ["x"] }, { command: ["y"] }] },
        b: {},
        c: { pre_stop: [{ command: ["z"] }] },
      },
    });
    const world = adjusted(adjusted(broughtUp(hooked), "p-b-1", { state: "exited" }), "p-c-1", { state: "paused" });
    expect(texts(planStop(hooked, world, { services: [] }))).toMatchInlineSnapshot(`
      "#1 container.stop container p-c-1 (asked for)
      #2 hook.exec container p-a-1 ["x"] (pre_stop hook)
      #3 hook.exec container p-a-1 ["y"] after #2 (pre_stop hook)
      #4 container.stop container p-a-1 after #3 (asked for)"
    `);
  });
});

describe("start", () => {
  test("in dependency order, with its waits, whatever has changed in the file", () => {
    const stopped = each(chain, { state: "exited", exitCode: 0, health: "none", labels: new Map() });
    expect(texts(planStart(chain, stopped, { wait: false }))).toMatchInlineSnapshot(`
      "#1 container.start container p-db-1 (exited with code 0)
      #2 container.await container p-db-1 until healthy after #1 (api depends on it)
      #3 container.start container p-api-1 after #2 (exited with code 0)
      #4 container.start container p-other-1 (exited with code 0)
      #5 container.start container p-web-1 after #3 (exited with code 0)
      #6 container.start container p-web-2 after #3 (exited with code 0)"
    `);
    expect(texts(planStart(chain, broughtUp(chain), { wait: false }))).toBe("");
  });

  test("a service without a container is a problem", () => {
    const one = project({ services: { web: {}, none: { scale: 0 } } });
    expect(planStart(one, nothing, { wait: false }).problems).toMatchInlineSnapshot(`
      [
        {
          "code": "no-container",
          "hint": "make it first ("tscompose create web")",
          "message": "service "web" has no container to start",
          "path": "services.web",
          "severity": "error",
        },
      ]
    `);
  });
});

describe("restart", () => {
  const linked = project({
    services: {
      web: { depends_on: { db: { restart: true, condition: "service_healthy" } }, post_start: [{ command: ["hi"] }] },
      log: { depends_on: { db: {} } },
      db: { pre_stop: [{ command: ["bye"] }] },
    },
  });
  const restart = (options: Partial<Parameters<typeof planRestart>[2]>): string =>
    texts(planRestart(linked, broughtUp(linked), { services: [], noDeps: false, ...options }));

  test("takes along who declares restart: true, and waits for what that asks for", () => {
    expect(restart({ services: ["db"] })).toMatchInlineSnapshot(`
      "#1 hook.exec container p-db-1 ["bye"] (pre_stop hook)
      #2 container.restart container p-db-1 after #1 (asked for)
      #3 container.await container p-db-1 until healthy after #2 (web depends on it)
      #4 container.restart container p-web-1 after #3 (db is restarted)
      #5 hook.exec container p-web-1 ["hi"] after #4 (post_start hook)"
    `);
  });

  test("--no-deps: named services only", () => {
    expect(restart({ services: ["db"], noDeps: true })).toMatchInlineSnapshot(`
      "#1 hook.exec container p-db-1 ["bye"] (pre_stop hook)
      #2 container.restart container p-db-1 after #1 (asked for)"
    `);
  });

  test("all", () => {
    expect(restart({ timeoutSeconds: 2 })).toMatchInlineSnapshot(`
      "#1 hook.exec container p-db-1 ["bye"] (pre_stop hook)
      #2 container.restart container p-db-1 after #1 (asked for)
      #3 container.restart container p-log-1 (asked for)
      #4 container.await container p-db-1 until healthy after #2 (web depends on it)
      #5 container.restart container p-web-1 after #4 (asked for)
      #6 hook.exec container p-web-1 ["hi"] after #5 (post_start hook)"
    `);
  });
});

describe("rm", () => {
  const options: RmOptions = { services: [], stop: false, volumes: false, confirmed: new Set() };
  const half = adjusted(broughtUp(chain), "p-web-2", {
    state: "exited",
    mounts: [{ type: "volume", name: hex("anonymous"), source: "", destination: "/x", writable: true }],
  });

  test("stopped containers, after a question", () => {
    const plan = planRm(chain, half, options);
    expect(texts(plan)).toBe("#1 container.remove container p-web-2 (asked for)");
    expect(plan.confirmations).toMatchInlineSnapshot(`
      [
        {
          "blocking": true,
          "key": "containers.remove",
          "kind": "containers.remove",
          "question": "Going to remove p-web-2",
        },
      ]
    `);
    expect(planRm(chain, half, { ...options, confirmed: new Set(["containers.remove"]) }).confirmations).toEqual([]);
  });

  test("--stop: all, dependents first; --volumes tells what is lost", () => {
    const plan = planRm(chain, half, { ...options, services: ["web", "api"], stop: true, volumes: true });
    expect(texts(plan)).toMatchInlineSnapshot(`
      "#1 container.stop container p-web-1 (asked for)
      #2 container.remove container p-web-1 with its volumes after #1 (asked for)
      #3 container.remove container p-web-2 with its volumes (asked for)
      #4 container.stop container p-api-1 after #1 (asked for)
      #5 container.remove container p-api-1 with its volumes after #4 (asked for)"
    `);
    expect(plan.losses).toEqual(["anonymous volumes of p-web-2"]);
  });

  test("nothing to remove", () => {
    expect(planRm(chain, broughtUp(chain), options).warnings).toEqual(["No stopped containers"]);
  });
});

describe("at once", () => {
  const world = adjusted(broughtUp(chain), "p-db-1", { state: "paused" });
  const withStrays = {
    ...world,
    containers: [
      ...world.containers.map((container) =>
        container.name === "p-other-1" ? { ...container, state: "exited" as const } : container,
      ),
      ...world.containers
        .filter(({ name }) => name === "p-api-1")
        .flatMap((container) => [
          { ...container, id: hex("run"), name: "p-api-run-1", oneOff: true },
          { ...container, id: hex("gone"), name: "p-gone-1", service: "gone" },
        ]),
    ],
  };

  test("kill: whatever lives, one-offs too", () => {
    expect(texts(planKill(chain, withStrays, { services: [], signalName: "SIGUSR1", removeOrphans: false })))
      .toMatchInlineSnapshot(`
      "#1 container.kill container p-api-1 SIGUSR1 (asked for)
      #2 container.kill container p-api-run-1 SIGUSR1 (asked for)
      #3 container.kill container p-db-1 SIGUSR1 (asked for)
      #4 container.kill container p-web-1 SIGUSR1 (asked for)
      #5 container.kill container p-web-2 SIGUSR1 (asked for)"
    `);
    expect(texts(planKill(chain, withStrays, { services: ["db"], signalName: "SIGKILL", removeOrphans: true })))
      .toMatchInlineSnapshot(`
      "#1 container.kill container p-db-1 SIGKILL (asked for)
      #2 container.stop container p-gone-1 (no service "gone" in the file)
      #3 container.remove container p-gone-1 after #2 (no service "gone" in the file)"
    `);
    expect(planKill(chain, nothing, { services: [], signalName: "SIGKILL", removeOrphans: false }).warnings).toEqual([
      "no container to kill",
    ]);
  });

  test("pause and unpause leave alone what is so already", () => {
    const paused = planPause(chain, world, ["db", "api"]);
    expect(texts(paused)).toBe("#1 container.pause container p-api-1 (asked for)");
    expect(paused.unchanged).toEqual([{ resource: "container p-db-1", status: "Paused" }]);
    expect(texts(planUnpause(chain, world, []))).toBe("#1 container.unpause container p-db-1 (asked for)");
  });
});
