import { describe, expect, test } from "vitest";

import type { WatchRule } from "../../src/model/service.ts";
import { inContainer, planWatch, type PathChange, type WatchTrigger } from "../../src/planner/watch.ts";

const trigger = (service: string, rule: WatchRule, more: Partial<WatchTrigger> = {}): WatchTrigger => ({
  service,
  rule,
  mounted: false,
  wants: () => true,
  ...more,
});

const change = (text: string): PathChange => {
  const [kind = "", root = "", path = ""] = text.split(" ");
  if (kind !== "written" && kind !== "removed" && kind !== "replaced") throw new Error(kind);
  return { kind, root, path };
};

/** The plan as lines. */
function plan(triggers: readonly WatchTrigger[], ...changes: readonly string[]): readonly string[] {
  const { rebuild, sync, restart, exec } = planWatch(triggers, changes.map(change));
  return [
    ...rebuild.map((service) => `rebuild ${service}`),
    ...[...sync].flatMap(([service, { removed, written }]) => [
      ...removed.map((path) => `${service}: remove ${path}`),
      ...[...written].map(([path, host]) => `${service}: ${path} from ${host.root} ${host.path}`.trimEnd()),
    ]),
    ...restart.map((service) => `restart ${service}`),
    ...exec.map(({ service, hook }) => `exec ${service}: ${hook.command.join(" ")}`),
  ];
}

const src: WatchRule = { path: "/p/src", action: "sync", target: "/app" };

describe("changes become actions", () => {
  test("many changes, each service once; parents first, removals before all", () => {
    const both = [trigger("web", src), trigger("worker", { ...src, target: "/srv/" })];
    expect(plan(both, "written /p/src b/c", "removed /p/src old", "written /p/src b", "written /p/src a")).toEqual([
      "web: remove /app/old",
      "web: /app/a from /p/src a",
      "web: /app/b from /p/src b",
      "web: /app/b/c from /p/src b/c",
      "worker: remove /srv/old",
      "worker: /srv/a from /p/src a",
      "worker: /srv/b from /p/src b",
      "worker: /srv/b/c from /p/src b/c",
    ]);
  });

  test("with a folder goes what is in it; what only looks so stays on the list", () => {
    const removed = ["removed /p/src d/x", "removed /p/src d/e/y", "removed /p/src d", "removed /p/src d2"];
    expect(plan([trigger("web", src)], ...removed)).toEqual(["web: remove /app/d", "web: remove /app/d2"]);
  });

  test("what is of another kind now is removed first", () => {
    expect(plan([trigger("web", src)], "removed /p/src d/x", "replaced /p/src d")).toEqual([
      "web: remove /app/d",
      "web: /app/d from /p/src d",
    ]);
  });

  test("a rule about one file: its target is the file", () => {
    const rule: WatchRule = { path: "/p/nginx.conf", action: "sync+restart", target: "/etc/nginx/nginx.conf" };
    expect(plan([trigger("web", rule)], "written /p/nginx.conf")).toEqual([
      "web: /etc/nginx/nginx.conf from /p/nginx.conf",
      "restart web",
    ]);
    expect(plan([trigger("web", rule)], "removed /p/nginx.conf")).toEqual([
      "web: remove /etc/nginx/nginx.conf",
      "restart web",
    ]);
  });

  test("the actions, in their order, whatever the order of the rules", () => {
    const exec = { command: ["reload"] };
    const triggers = [
      trigger("web", { ...src, action: "sync+exec", exec }),
      trigger("web", { path: "/p/conf", action: "restart" }),
      trigger("web", { path: "/p/package.json", action: "rebuild", target: "/app/package.json" }),
      trigger("web", { ...src, action: "sync+restart", target: "/two" }),
    ];
    expect(plan(triggers, "written /p/src a", "written /p/conf x", "written /p/package.json")).toEqual([
      "rebuild web",
      "web: /app/a from /p/src a",
      "web: /two/a from /p/src a",
      "restart web",
      "exec web: reload",
    ]);
  });

  test("what no rule wants changes nothing", () => {
    const wants = (path: string): boolean => !path.endsWith(".log");
    const picky = [trigger("web", { ...src, action: "sync+restart" }, { wants })];
    expect(plan(picky, "written /p/src a.log", "written /p/other a")).toEqual([]);
    expect(plan(picky, "written /p/src a.log", "written /p/src a")).toEqual([
      "web: /app/a from /p/src a",
      "restart web",
    ]);
  });

  test("what a bind mount shows is not copied, and restarts nothing; a command is run", () => {
    const triggers = [
      trigger("web", src, { mounted: true }),
      trigger("web", { ...src, action: "sync+restart" }, { mounted: true }),
      trigger("web", { ...src, action: "sync+exec", exec: { command: ["reload"] } }, { mounted: true }),
    ];
    expect(plan(triggers, "written /p/src a")).toEqual(["exec web: reload"]);
  });
});

test.each([
  ["/app", "a/b", "/app/a/b"],
  ["/app/", "a", "/app/a"],
  ["/", "a", "/a"],
  ["app", "a", "/app/a"],
  ["/x.conf", "", "/x.conf"],
])("%s and %s: %s", (target, path, expected) => {
  expect(inContainer(target, path)).toBe(expected);
});
