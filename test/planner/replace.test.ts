import { describe, expect, test } from "vitest";

import { formatPlan } from "../../src/planner/text.ts";
import { adjusted, broughtUp, hex, image, nothing, project, up } from "./world.ts";

const web = { services: { web: {} } };

describe("what makes a container out of date", () => {
  test("another configuration: the new one is made first, then the old one gives way", () => {
    const before = broughtUp(project(web));
    const after = project({ services: { web: { environment: new Map([["FOO", "2"]]) } } });
    expect(formatPlan(up(after, before))).toMatchInlineSnapshot(`
      "#1 container.create container p-web-1 (configuration changed)
      #2 container.stop container p-web-1 after #1 (replaced)
      #3 container.remove container p-web-1 after #2 (replaced)
      #4 container.rename container p-web-1 after #3 (takes the place of the old one)
      #5 container.start container p-web-1 after #4 (created)"
    `);
  });

  test("what differs is named, with old and new value", () => {
    const change = { path: "environment.FOO", before: "1", after: "2" };
    const before = broughtUp(project(web), { differences: new Map([[hex("p-web-1"), [change]]]) });
    const plan = up(project({ services: { web: { environment: new Map([["FOO", "2"]]) } } }), before);
    expect(plan.steps[0]?.cause).toBe("environment.FOO changed");
    expect(plan.changes.get("container p-web-1")).toEqual([change]);
  });

  test("more than three changes are counted", () => {
    const differences = new Map([[hex("p-web-1"), ["image", "command", "user", "tty"].map((path) => ({ path }))]]);
    const plan = up(project({ services: { web: { user: "1" } } }), broughtUp(project(web), { differences }));
    expect(plan.steps[0]?.cause).toBe("image, command and 2 more changed");
  });

  test("another image under the same name", () => {
    const before = broughtUp(project(web), { images: new Map([["busybox", image("newer")]]) });
    const plan = up(project(web), before);
    expect(plan.steps[0]?.cause).toBe("image changed");
    expect(plan.changes.get("container p-web-1")).toMatchInlineSnapshot(`
      [
        {
          "after": "6e6577657200",
          "before": "62757379626f",
          "path": "image",
        },
      ]
    `);
  });

  test("a network of the service that it is not attached to, or only to one of the same name that is gone", () => {
    const shop = project(web);
    const elsewhere = adjusted(broughtUp(shop), "p-web-1", {
      networks: new Map([["p_default", { networkId: "old" }]]),
    });
    expect(up(shop, elsewhere).steps[0]?.cause).toBe("not attached to network default");
    const detached = adjusted(broughtUp(shop), "p-web-1", { networks: new Map() });
    expect(up(shop, detached).steps[0]?.cause).toBe("not attached to network default");
    const neverStarted = adjusted(broughtUp(shop), "p-web-1", {
      state: "created",
      networks: new Map([["p_default", { networkId: "" }]]),
    });
    expect(formatPlan(up(shop, neverStarted))).toBe("#1 container.start container p-web-1 (created)");
  });

  test("a network that was removed is made again, and the container with it", () => {
    const shop = project(web);
    expect(formatPlan(up(shop, broughtUp(shop, { networks: [] })))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-web-1 after #1 (not attached to network default)
      #3 container.stop container p-web-1 after #2 (replaced)
      #4 container.remove container p-web-1 after #3 (replaced)
      #5 container.rename container p-web-1 after #4 (takes the place of the old one)
      #6 container.start container p-web-1 after #5 (created)"
    `);
  });

  test("a named volume that is not mounted", () => {
    const shop = project({
      services: { web: { volumes: [{ type: "volume", source: "data", target: "/data" }] } },
      volumes: { data: {} },
    });
    const unmounted = adjusted(broughtUp(shop), "p-web-1", { mounts: [] });
    expect(up(shop, unmounted).steps[0]?.cause).toBe("volume data is not mounted");
  });

  test("what docker compose does not count is no change: dependencies, scale, profiles", () => {
    const before = broughtUp(project({ services: { web: {}, db: {} } }));
    const after = project({
      services: { web: { depends_on: { db: {} }, profiles: ["x"], pull_policy: "never" }, db: {} },
    });
    expect(formatPlan(up(after, before))).toBe("");
  });
});

describe("flags", () => {
  const shop = project({ services: { web: { depends_on: { db: {} } }, db: {} } });
  const changed = project({ services: { web: { depends_on: { db: {} }, user: "1" }, db: { user: "1" } } });
  const causes = (options: Parameters<typeof up>[2], wanted = shop): readonly string[] =>
    up(wanted, broughtUp(shop), options)
      .steps.filter(({ kind }) => kind === "container.create")
      .map(({ resource, cause }) => `${resource}: ${cause}`);

  test("--force-recreate means the named services, not their dependencies", () => {
    expect(causes({ forceRecreate: true })).toEqual([
      "container p-db-1: recreation was asked for",
      "container p-web-1: recreation was asked for",
    ]);
    expect(causes({ forceRecreate: true, services: ["web"] })).toEqual(["container p-web-1: recreation was asked for"]);
  });

  test("--always-recreate-deps means the dependencies of the named services", () => {
    expect(causes({ alwaysRecreateDependencies: true, services: ["web"] })).toEqual([
      "container p-db-1: recreation was asked for",
    ]);
  });

  test("--no-recreate leaves what is out of date as it is", () => {
    expect(causes({ noRecreate: true }, changed)).toEqual([]);
    expect(causes({}, changed)).toHaveLength(2);
  });

  test("--timeout goes to the stop of the old container", () => {
    const stop = up(changed, broughtUp(shop), { timeoutSeconds: 3 }).steps.find(
      ({ kind }) => kind === "container.stop",
    );
    expect(stop).toMatchObject({ timeoutSeconds: 3 });
  });
});

describe("anonymous volumes", () => {
  const shop = project({
    services: {
      web: {
        user: "1",
        volumes: [
          { type: "volume", target: "/cache" },
          { type: "volume", source: "data", target: "/data" },
        ],
      },
    },
    volumes: { data: {} },
  });
  const mount = { type: "volume", source: "", writable: true };
  const before = adjusted(
    { ...broughtUp(shop), images: new Map([["busybox", image("newer", { volumes: ["/var/lib/x", "/data"] })]]) },
    "p-web-1",
    {
      mounts: [
        { ...mount, name: "anonymous1", destination: "/cache" },
        { ...mount, name: "anonymous2", destination: "/var/lib/x" },
        { ...mount, name: "p_data", destination: "/data" },
        { ...mount, name: "other", destination: "/other" },
        { ...mount, type: "tmpfs", name: "t", destination: "/var/lib/x" },
      ],
    },
  );

  test("go over to the new container, where the image or the service still has their place", () => {
    const creation = up(shop, before).steps[0];
    expect(creation?.kind === "container.create" && creation.inherits).toEqual([
      { destination: "/cache", volume: "anonymous1", readOnly: false },
      { destination: "/var/lib/x", volume: "anonymous2", readOnly: false },
    ]);
  });

  test("--renew-anon-volumes leaves them behind, and replaces what is up to date, too", () => {
    const creation = up(shop, broughtUp(shop), { renewAnonymousVolumes: true }).steps[0];
    expect(creation?.kind === "container.create" && creation.inherits).toEqual([]);
  });
});

describe("others that a replacement concerns", () => {
  test("depends_on with restart: true is stopped before and started after", () => {
    const shop = project({
      services: { web: { depends_on: { db: { restart: true } }, pre_stop: [{ command: ["bye"] }] }, db: {} },
    });
    const after = project({
      services: { web: { depends_on: { db: { restart: true } }, pre_stop: [{ command: ["bye"] }] }, db: { user: "1" } },
    });
    expect(formatPlan(up(after, broughtUp(shop)))).toMatchInlineSnapshot(`
      "#1 container.create container p-db-1 (configuration changed)
      #2 hook.exec container p-web-1 ["bye"] after #1 (pre_stop hook)
      #3 container.stop container p-web-1 after #2 (db is replaced)
      #4 container.stop container p-db-1 after #3 (replaced)
      #5 container.remove container p-db-1 after #4 (replaced)
      #6 container.rename container p-db-1 after #5 (takes the place of the old one)
      #7 container.start container p-db-1 after #6 (created)
      #8 container.start container p-web-1 after #7 (db was replaced)"
    `);
  });

  test("depends_on without restart is left running", () => {
    const sketch = { web: { depends_on: { db: {} } }, db: {} };
    const plan = up(project({ services: { ...sketch, db: { user: "1" } } }), broughtUp(project({ services: sketch })));
    expect(plan.steps.filter(({ resource }) => resource === "container p-web-1")).toEqual([]);
  });

  test("who shares a namespace is replaced along, after its parent and in the parent's new namespace", () => {
    const sketch = { side: { network_mode: "service:app", depends_on: { app: { restart: true } } }, app: {} };
    const after = project({ services: { ...sketch, app: { user: "1" } } });
    const plan = up(after, broughtUp(project({ services: sketch })));
    expect(formatPlan(plan)).toMatchInlineSnapshot(`
      "#1 container.create container p-app-1 (configuration changed)
      #2 container.create container p-side-1 after #1 (shares with app, which is new)
      #3 container.stop container p-side-1 after #2 (app is replaced)
      #4 container.stop container p-app-1 after #3 (replaced)
      #5 container.remove container p-app-1 after #4 (replaced)
      #6 container.rename container p-app-1 after #5 (takes the place of the old one)
      #7 container.start container p-app-1 after #6 (created)
      #8 container.remove container p-side-1 after #7 (replaced)
      #9 container.rename container p-side-1 after #8 (takes the place of the old one)
      #10 container.start container p-side-1 after #9 (created)"
    `);
    const creation = plan.steps.find(
      ({ resource, kind }) => resource === "container p-side-1" && kind === "container.create",
    );
    expect(creation?.kind === "container.create" && [...creation.references]).toEqual([
      ["app", [{ name: "p-app-1", service: "app", number: 1, createdBy: 1 }]],
    ]);
  });

  test("volumes_from and links refer to containers that are there", () => {
    const shop = project({
      services: { web: { volumes_from: ["db:ro"], links: ["db:database"], depends_on: { db: {} }, user: "1" }, db: {} },
    });
    const before = broughtUp(
      project({ services: { web: { volumes_from: ["db:ro"], depends_on: { db: {} } }, db: {} } }),
    );
    const creation = up(shop, before).steps[0];
    expect(creation?.kind === "container.create" && creation.references.get("db")).toEqual([
      { name: "p-db-1", service: "db", number: 1, id: hex("p-db-1") },
    ]);
  });
});

test("a service with a dependency that cannot be replaced keeps its old container: it stops only when it may start", () => {
  const sketch = {
    web: { depends_on: { db: { condition: "service_healthy" as const } } },
    db: { healthcheck: { test: ["CMD", "true"] } },
  };
  const after = project({ services: { web: { ...sketch.web, user: "1" }, db: { ...sketch.db, user: "1" } } });
  expect(formatPlan(up(after, broughtUp(project({ services: sketch }))))).toMatchInlineSnapshot(`
    "#1 container.create container p-db-1 (configuration changed)
    #2 container.create container p-web-1 (configuration changed)
    #3 container.stop container p-db-1 after #1 (replaced)
    #4 container.remove container p-db-1 after #3 (replaced)
    #5 container.rename container p-db-1 after #4 (takes the place of the old one)
    #6 container.start container p-db-1 after #5 (created)
    #7 container.await container p-db-1 until healthy after #6 (web depends on it)
    #8 container.stop container p-web-1 after #2 #7 (replaced)
    #9 container.remove container p-web-1 after #8 (replaced)
    #10 container.rename container p-web-1 after #9 (takes the place of the old one)
    #11 container.start container p-web-1 after #10 (created)"
  `);
});

test("one dead container is replaced whatever the flags", () => {
  const shop = project(web);
  const plan = up(shop, adjusted(broughtUp(shop), "p-web-1", { state: "dead" }), { noRecreate: true });
  expect(formatPlan(plan)).toMatchInlineSnapshot(`
    "#1 container.create container p-web-1 (dead)
    #2 container.remove container p-web-1 after #1 (replaced)
    #3 container.rename container p-web-1 after #2 (takes the place of the old one)
    #4 container.start container p-web-1 after #3 (created)"
  `);
  expect(nothing.containers).toEqual([]);
});
