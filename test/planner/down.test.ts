import { describe, expect, test } from "vitest";

import type { ObservedState } from "../../src/model/observed.ts";
import type { Plan } from "../../src/model/plan.ts";
import { type DownOptions, planDown } from "../../src/planner/down.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { adjusted, broughtUp, hex, image, nothing, project } from "./world.ts";

const build = { context: "/p" };
const shop = project({
  services: {
    web: { depends_on: { db: {} }, networks: ["front"], pre_stop: [{ command: ["bye"] }], build },
    db: {
      networks: ["front", "outside"],
      volumes: [
        { type: "volume", source: "data", target: "/data" },
        { type: "volume", target: "/x" },
      ],
      image: "mysql",
    },
  },
  networks: { front: {}, outside: { external: true, name: "outside" } },
  volumes: { data: {}, spare: {}, shared: { external: true, name: "shared" } },
});

function down(observed: ObservedState, options: Partial<DownOptions> = {}): Plan {
  return planDown(shop, observed, { services: [], removeOrphans: false, volumes: false, ...options });
}

test("containers, dependents first; networks when they are free; volumes stay", () => {
  expect(formatPlan(down(broughtUp(shop), { timeoutSeconds: 1 }))).toMatchInlineSnapshot(`
    "#1 hook.exec container p-web-1 ["bye"] (pre_stop hook)
    #2 container.stop container p-web-1 after #1 (down)
    #3 container.remove container p-web-1 after #2 (down)
    #4 container.stop container p-db-1 after #2 (down)
    #5 container.remove container p-db-1 after #4 (down)
    #6 network.remove network p_front after #3 #5 (down)"
  `);
});

test("of named services only what they and their dependencies use", () => {
  const volume = (source: string): object => ({ volumes: [{ type: "volume", source, target: "/v" }] });
  const apart = project({
    services: {
      web: { networks: ["front"], depends_on: { db: {} } },
      db: { networks: ["back"], ...volume("data") },
      jobs: volume("queue"),
    },
    networks: { front: {}, back: {}, default: {} },
    volumes: { data: {}, queue: {} },
  });
  const texts = (...services: string[]): string =>
    formatPlan(planDown(apart, broughtUp(apart), { services, removeOrphans: false, volumes: true }));
  expect(texts("web")).toMatchInlineSnapshot(`
    "#1 container.stop container p-web-1 (down)
    #2 container.remove container p-web-1 with its volumes after #1 (down)
    #3 network.remove network p_front after #2 (down)
    #4 network.remove network p_back (down)
    #5 volume.remove volume p_data (--volumes)"
  `);
  expect(texts("jobs")).toMatchInlineSnapshot(`
    "#1 container.stop container p-jobs-1 (down)
    #2 container.remove container p-jobs-1 with its volumes after #1 (down)
    #3 network.remove network p_default after #2 (down)
    #4 volume.remove volume p_queue after #2 (--volumes)"
  `);
});

test("--volumes: named ones of the project, anonymous ones with their containers; what is lost is listed", () => {
  const plan = down(broughtUp(shop), { volumes: true });
  expect(formatPlan(plan)).toMatchInlineSnapshot(`
    "#1 hook.exec container p-web-1 ["bye"] (pre_stop hook)
    #2 container.stop container p-web-1 after #1 (down)
    #3 container.remove container p-web-1 with its volumes after #2 (down)
    #4 container.stop container p-db-1 after #2 (down)
    #5 container.remove container p-db-1 with its volumes after #4 (down)
    #6 network.remove network p_front after #3 #5 (down)
    #7 volume.remove volume p_data after #5 (--volumes)
    #8 volume.remove volume p_spare (--volumes)"
  `);
  expect(plan.losses).toMatchInlineSnapshot(`
    [
      "anonymous volumes of p-db-1",
      "p_data",
      "p_spare",
    ]
  `);
});

test("named services: only those go", () => {
  expect(formatPlan(down(broughtUp(shop), { services: ["web"] }))).toMatchInlineSnapshot(`
    "#1 hook.exec container p-web-1 ["bye"] (pre_stop hook)
    #2 container.stop container p-web-1 after #1 (down)
    #3 container.remove container p-web-1 after #2 (down)
    #4 network.remove network p_front after #3 (down)"
  `);
});

describe("--rmi", () => {
  const images = new Map([
    ["p-web", image("p-web")],
    ["mysql", image("mysql")],
  ]);
  const removed = (options: Partial<DownOptions>, given = images): readonly string[] =>
    down(broughtUp(shop, { images: given }), options)
      .steps.filter(({ kind }) => kind === "image.remove")
      .map(({ resource, cause }) => `${resource} (${cause})`);

  test("local: what was built; all: every image of the services", () => {
    expect(removed({ removeImages: "local" })).toEqual(["image p-web (--rmi local)"]);
    expect(removed({ removeImages: "all" }).toSorted()).toEqual(["image mysql (--rmi all)", "image p-web (--rmi all)"]);
    expect(removed({})).toEqual([]);
  });

  test("local counts what was built under a name of its own", () => {
    const labelled = new Map([["mysql", image("mysql", { labels: new Map([["com.docker.compose.project", "p"]]) })]]);
    expect(removed({ removeImages: "local" }, labelled)).toEqual(["image mysql (--rmi local)"]);
  });
});

test("orphans and one-offs only with --remove-orphans; a hook's left-over always", () => {
  const world = broughtUp(shop);
  const [web] = world.containers.filter(({ service }) => service === "web");
  if (web === undefined) throw new Error("no web");
  const strays = [
    { ...web, id: hex("gone"), name: "p-gone-1", service: "gone" },
    { ...web, id: hex("run"), name: "p-web-run-1", oneOff: true },
    {
      ...web,
      id: hex("hook"),
      name: "p-web-1-pre_start-0",
      state: "exited" as const,
      labels: new Map([["com.docker.compose.hook", "pre_start"]]),
    },
  ];
  const observed = { ...nothing, containers: strays };
  expect(formatPlan(down(observed))).toMatchInlineSnapshot(
    `"#1 container.remove container p-web-1-pre_start-0 with its volumes (left over from a pre_start hook)"`,
  );
  expect(formatPlan(down(observed, { removeOrphans: true }))).toMatchInlineSnapshot(`
    "#1 container.stop container p-gone-1 (no service "gone" in the file)
    #2 container.remove container p-gone-1 after #1 (no service "gone" in the file)
    #3 container.stop container p-web-run-1 (a one-off)
    #4 container.remove container p-web-run-1 after #3 (a one-off)
    #5 container.remove container p-web-1-pre_start-0 with its volumes (left over from a pre_start hook)"
  `);
});

test("what is stopped already is only removed", () => {
  const observed = adjusted({ ...broughtUp(shop), networks: [], volumes: [] }, "p-web-1", { state: "exited" });
  expect(formatPlan(down(observed, { services: ["web"], volumes: true }))).toBe(
    "#1 container.remove container p-web-1 with its volumes (down)",
  );
  expect(formatPlan(down(nothing))).toBe("");
});
