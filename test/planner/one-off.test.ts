import { describe, expect, test } from "vitest";

import type { Project } from "../../src/model/project.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { broughtUp, nothing, project, up } from "./world.ts";

const oneOff = {
  service: "web",
  name: "p-web-run-1",
  slug: "1".repeat(64),
  interactive: true,
  autoRemove: true,
  useAliases: false,
};

/** The service as `run` has it. */
function shop(web: object = {}): Project {
  return project({
    services: {
      web: { depends_on: { db: { condition: "service_healthy" } }, container_name: oneOff.name, scale: 1, ...web },
      db: { healthcheck: { test: ["CMD", "true"] } },
    },
  });
}

describe("a container for one command", () => {
  test("is made only when what it depends on is ready", () => {
    expect(formatPlan(up(shop(), nothing, { oneOff, services: ["web"] }))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-db-1 after #1 (missing)
      #3 container.start container p-db-1 after #2 (created)
      #4 container.await container p-db-1 until healthy after #3 (web depends on it)
      #5 container.create container p-web-run-1 after #4 (for one command)
      #6 container.start container p-web-run-1 after #5 (for one command)"
    `);
  });

  test("beside those that the service has already, which stay as they are", () => {
    const running = broughtUp(project({ services: { web: {}, db: { healthcheck: { test: ["CMD", "true"] } } } }));
    const plan = up(shop({ depends_on: {} }), running, { oneOff, services: ["web"] });
    expect(formatPlan(plan)).toMatchInlineSnapshot(`
      "#1 container.create container p-web-run-1 (for one command)
      #2 container.start container p-web-run-1 after #1 (for one command)"
    `);
    expect(plan.unchanged.map(({ resource }) => resource)).toEqual(["container p-db-1"]);
  });

  test("beside those that are paused, and stay so", () => {
    const { containers, ...rest } = broughtUp(project({ services: { web: {}, db: {} } }));
    const paused = containers.map((each) => (each.service === "web" ? { ...each, state: "paused" as const } : each));
    const plan = up(shop({ depends_on: {} }), { ...rest, containers: paused }, { oneOff, services: ["web"] });
    expect(plan.steps.map(({ kind }) => kind)).not.toContain("container.unpause");
  });

  test("its secrets come before its start, its hooks after", () => {
    const secretive = project({
      services: {
        web: {
          container_name: oneOff.name,
          secrets: [{ source: "word" }],
          post_start: [{ command: ["true"] }, { command: ["false"] }],
        },
      },
      secrets: { word: { content: "psst" } },
    });
    expect(formatPlan(up(secretive, nothing, { oneOff }))).toMatchInlineSnapshot(`
      "#1 network.create network p_default (missing)
      #2 container.create container p-web-run-1 after #1 (for one command)
      #3 container.files container p-web-run-1 after #2 (its secrets and configs)
      #4 container.start container p-web-run-1 after #3 (for one command)
      #5 hook.exec container p-web-run-1 ["true"] after #4 (post_start hook)
      #6 hook.exec container p-web-run-1 ["false"] after #5 (post_start hook)"
    `);
  });

  test("a port that somebody has is told before anything is made", () => {
    const port = { target: 80, published: "8080", protocol: "tcp" };
    const running = broughtUp(project({ services: { web: { ports: [port] }, db: {} } }));
    const { problems } = up(shop({ ports: [port], depends_on: {} }), running, { oneOff, services: ["web"] });
    expect(problems.map(({ message, hint }) => `${message}; ${hint}`)).toMatchInlineSnapshot(`
      [
        "port 8080, which service "web" publishes, is taken by container "p-web-1"; stop that container, publish another port, or let --auto-ports find one",
      ]
    `);
  });

  test("a name that somebody has, too", () => {
    const running = broughtUp(project({ services: { web: { container_name: oneOff.name }, db: {} } }));
    const { problems } = up(shop({ depends_on: {} }), running, { oneOff, services: ["web"] });
    expect(problems.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "the name "p-web-run-1", which service "web" wants, is taken by a container of service "web"",
      ]
    `);
  });
});
