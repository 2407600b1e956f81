import { describe, expect, test } from "vitest";

import type { ObservedContainer, ObservedState } from "../../src/model/observed.ts";
import { foreignProject } from "../../src/planner/foreign.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { adjusted, broughtUp, container, hex, project, up } from "./world.ts";

const shop = project({ services: { web: {} } });
const changed = project({ services: { web: { user: "1" } } });
const old = hex("p-web-1");

function web(of: typeof shop, given: Partial<ObservedContainer>): ObservedContainer {
  const service = of.services.get("web");
  if (service === undefined) throw new Error("no web");
  return { ...container(of, service, { number: 1 }), ...given };
}

function having(...containers: readonly ObservedContainer[]): ObservedState {
  return { ...broughtUp(shop), containers };
}

const temporary = { id: hex("new"), name: `${old.slice(0, 12)}_p-web-1`, state: "created" } as const;

describe("containers in another state", () => {
  test("paused: resumed", () => {
    expect(formatPlan(up(shop, having(web(shop, { state: "paused" }))))).toBe(
      "#1 container.unpause container p-web-1 (paused)",
    );
  });

  test("exited: started, with its code as the cause", () => {
    const plan = up(shop, having(web(shop, { state: "exited", exitCode: 3 })));
    expect(formatPlan(plan)).toBe("#1 container.start container p-web-1 (exited with code 3)");
  });

  test("restarting: the engine is at it", () => {
    const plan = up(shop, having(web(shop, { state: "restarting" })));
    expect(formatPlan(plan)).toBe("");
    expect(plan.unchanged).toEqual([{ resource: "container p-web-1", status: "Restarting" }]);
  });
});

test("who runs in the namespace of a container that is started again has to be restarted: its own is gone", () => {
  const shared = project({
    services: {
      side: { network_mode: "service:app", depends_on: { app: {} } },
      app: {},
      other: { depends_on: { app: {} } },
    },
  });
  const stopped = adjusted(broughtUp(shared), "p-app-1", { state: "exited", exitCode: 137 });
  expect(formatPlan(up(shared, stopped))).toMatchInlineSnapshot(`
    "#1 container.start container p-app-1 (exited with code 137)
    #2 container.restart container p-side-1 after #1 (runs in a namespace of app, which is started again)"
  `);
  const paused = adjusted(broughtUp(shared), "p-app-1", { state: "paused" });
  expect(formatPlan(up(shared, paused))).toBe("#1 container.unpause container p-app-1 (paused)");
});

test("and who runs in a namespace of that one in turn, with their hooks", () => {
  const chain = project({
    services: {
      app: {},
      side: { network_mode: "service:app", depends_on: { app: {} }, post_start: [{ command: ["true"] }] },
      probe: { pid: "service:side", depends_on: { side: {} } },
    },
  });
  const stopped = adjusted(broughtUp(chain), "p-app-1", { state: "exited", exitCode: 137 });
  expect(formatPlan(up(chain, stopped))).toMatchInlineSnapshot(`
    "#1 container.start container p-app-1 (exited with code 137)
    #2 container.restart container p-side-1 after #1 (runs in a namespace of app, which is started again)
    #3 hook.exec container p-side-1 ["true"] after #2 (post_start hook)
    #4 container.restart container p-probe-1 after #3 (runs in a namespace of side, which is started again)"
  `);
});

describe("a replacement that was interrupted", () => {
  test("after the new one was made: it takes over", () => {
    expect(formatPlan(up(changed, having(web(shop, {}), web(changed, temporary))))).toMatchInlineSnapshot(`
      "#1 container.stop container p-web-1 (replaced)
      #2 container.remove container p-web-1 after #1 (replaced)
      #3 container.rename container p-web-1 after #2 (an interrupted replacement is finished)
      #4 container.start container p-web-1 after #3 (created)"
    `);
  });

  test("after the old one was stopped", () => {
    const plan = up(changed, having(web(shop, { state: "exited", exitCode: 143 }), web(changed, temporary)));
    expect(formatPlan(plan)).toMatchInlineSnapshot(`
      "#1 container.remove container p-web-1 (replaced)
      #2 container.rename container p-web-1 after #1 (an interrupted replacement is finished)
      #3 container.start container p-web-1 after #2 (created)"
    `);
  });

  test("after the old one was removed", () => {
    expect(formatPlan(up(changed, having(web(changed, temporary))))).toMatchInlineSnapshot(`
      "#1 container.rename container p-web-1 (an interrupted replacement is finished)
      #2 container.start container p-web-1 after #1 (created)"
    `);
  });

  test("after the new one was renamed", () => {
    const plan = up(changed, having(web(changed, { id: hex("new"), state: "created" })));
    expect(formatPlan(plan)).toBe("#1 container.start container p-web-1 (created)");
  });

  test("and the file was changed back: the new one is thrown away", () => {
    expect(formatPlan(up(shop, having(web(shop, {}), web(changed, temporary))))).toMatchInlineSnapshot(
      `"#1 container.remove container 702d7765622d_p-web-1 (left over from an interrupted replacement)"`,
    );
  });

  test("and the file was changed once more: it starts over from the old one", () => {
    const third = project({ services: { web: { user: "2" } } });
    expect(formatPlan(up(third, having(web(shop, {}), web(changed, temporary))))).toMatchInlineSnapshot(`
      "#1 container.remove container 702d7765622d_p-web-1 (left over from an interrupted replacement)
      #2 container.create container p-web-1 after #1 (configuration changed)
      #3 container.stop container p-web-1 after #2 (replaced)
      #4 container.remove container p-web-1 after #3 (replaced)
      #5 container.rename container p-web-1 after #4 (takes the place of the old one)
      #6 container.start container p-web-1 after #5 (created)"
    `);
    expect(formatPlan(up(third, having(web(changed, temporary))))).toMatchInlineSnapshot(`
      "#1 container.create container p-web-1 (configuration changed)
      #2 container.remove container 702d7765622d_p-web-1 after #1 (replaced)
      #3 container.rename container p-web-1 after #2 (takes the place of the old one)
      #4 container.start container p-web-1 after #3 (created)"
    `);
  });

  test("both are up to date, as after an interrupted --force-recreate: the one that runs stays", () => {
    const plan = up(shop, having(web(shop, {}), web(shop, temporary)));
    expect(formatPlan(plan)).toMatchInlineSnapshot(
      `"#1 container.remove container 702d7765622d_p-web-1 (left over from an interrupted replacement)"`,
    );
  });
});

describe("how many", () => {
  const three = project({ services: { web: { scale: 3 } } });

  test("scaling up takes the next numbers; gaps stay", () => {
    const before = broughtUp(three);
    const gap = { ...before, containers: before.containers.filter(({ number }) => number !== 2) };
    expect(formatPlan(up(three, gap))).toMatchInlineSnapshot(`
      "#1 container.create container p-web-4 (missing)
      #2 container.start container p-web-4 after #1 (created)"
    `);
  });

  test("scaling down removes those that are out of date, then the highest numbers", () => {
    const two = project({ services: { web: { scale: 2, pre_stop: [{ command: ["bye"] }] } } });
    const before = adjusted(
      broughtUp(project({ services: { web: { scale: 3, pre_stop: [{ command: ["bye"] }] } } })),
      "p-web-1",
      {
        labels: new Map(),
      },
    );
    expect(formatPlan(up(two, before))).toMatchInlineSnapshot(`
      "#1 hook.exec container p-web-1 ["bye"] (pre_stop hook)
      #2 container.stop container p-web-1 after #1 (scaled to 2)
      #3 container.remove container p-web-1 after #2 (scaled to 2)"
    `);
    expect(formatPlan(up(shop, broughtUp(three)))).toMatchInlineSnapshot(`
      "#1 container.stop container p-web-2 (scaled to 1)
      #2 container.remove container p-web-2 after #1 (scaled to 1)
      #3 container.stop container p-web-3 (scaled to 1)
      #4 container.remove container p-web-3 after #3 (scaled to 1)"
    `);
  });

  test("two containers with one number: the one that runs stays", () => {
    const twin = web(shop, { id: hex("twin"), name: "twin", state: "exited" });
    expect(formatPlan(up(shop, having(twin, web(shop, {}))))).toMatchInlineSnapshot(
      `"#1 container.remove container twin (another container has number 1)"`,
    );
  });
});

test("one that somebody else named is called by its name", () => {
  const named = web(shop, { name: "twin", state: "exited", exitCode: 0 });
  expect(formatPlan(up(shop, having(named)))).toBe("#1 container.start container twin (exited with code 0)");
});

describe("orphans", () => {
  const gone = { service: "gone", name: "p-gone-1", id: hex("gone") };
  const oneOff = { service: "web", name: "p-web-run-1", id: hex("run"), oneOff: true, state: "exited" } as const;

  test("are told of, and stay", () => {
    const plan = up(shop, having(web(shop, {}), web(shop, gone), web(shop, oneOff)));
    expect(formatPlan(plan)).toBe("");
    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "project "p" has a container of a service that the file does not have: p-gone-1. If it was renamed or removed, --remove-orphans cleans up.",
      ]
    `);
    expect(up(shop, having(web(shop, {}), web(shop, gone)), { ignoreOrphans: true }).warnings).toEqual([]);
  });

  test("are removed when that is asked for, with one-offs that have ended", () => {
    const plan = up(shop, having(web(shop, {}), web(shop, gone), web(shop, oneOff)), { removeOrphans: true });
    expect(formatPlan(plan)).toMatchInlineSnapshot(`
      "#1 container.stop container p-gone-1 (no service "gone" in the file)
      #2 container.remove container p-gone-1 after #1 (no service "gone" in the file)
      #3 container.remove container p-web-run-1 (a one-off that has ended)"
    `);
    expect(plan.warnings).toEqual([]);
  });

  test("services of other profiles are none", () => {
    const profiled = project({ services: { web: {} }, disabled: ["gone"] });
    expect(up(profiled, having(web(shop, {}), web(shop, gone))).warnings).toEqual([]);
  });
});

describe("a project of the same name from another folder", () => {
  const elsewhere = adjusted(broughtUp(shop), "p-web-1", ({ labels }) => ({
    labels: new Map([...labels, ["com.docker.compose.project.working_dir", "/elsewhere"]]),
  }));

  test("is not touched without a yes", () => {
    expect(foreignProject(shop, elsewhere)).toMatchInlineSnapshot(`
      {
        "blocking": true,
        "key": "foreign.project",
        "kind": "foreign.project",
        "question": "Project "p" was brought up from /elsewhere, and this is /p. Change it all the same?",
      }
    `);
    expect(foreignProject(shop, broughtUp(shop))).toBeUndefined();
  });

  test("is no other when the folder is the same under another path, or none is known", () => {
    expect(foreignProject(shop, { ...elsewhere, sameFolders: new Set(["/elsewhere"]) })).toBeUndefined();
    expect(foreignProject({ ...shop, files: [] }, elsewhere)).toBeUndefined();
  });
});
