// The engine goes away, at each request and while it is listened to: an error that says so, and a next run that completes.
import { setTimeout as sleep } from "node:timers/promises";

import { beforeAll, describe, expect, test } from "vitest";

import { startCli } from "../harness/cli.ts";
import { containersOf, settled } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";

const image = testImages.busybox;
const compose = `
services:
  web: { image: ${image}, init: true, command: [sh, -c, "echo here; sleep 1000"], stop_grace_period: 1s, depends_on: { db: { condition: service_healthy } }, post_start: [{ command: ["true"] }], volumes: ["data:/data"] }
  db: { image: ${image}, init: true, command: [sh, -c, "echo there; sleep 1000"], stop_grace_period: 1s, healthcheck: { test: "true", interval: 50ms } }
volumes: { data: {} }
`;

beforeAll(() => ensureImage(image));

describe("at each request", () => {
  const verbs: Readonly<Record<string, { before: readonly string[]; run: readonly string[] }>> = {
    up: { before: ["down", "-v", "-t", "0"], run: ["up", "-d", "--wait"] },
    replacement: { before: ["up", "-d"], run: ["up", "-d", "--force-recreate", "-t", "0"] },
    down: { before: ["up", "-d"], run: ["down", "-v", "-t", "0"] },
  };
  test.each(Object.keys(verbs))("of %s", { timeout: 300_000 }, async (title) => {
    const { before = [], run = [] } = verbs[title] ?? {};
    await using project = await openProject({ "compose.yaml": compose });
    await project.succeed(...before);
    // One in four: they are many, and each is followed by two more runs.
    for (let request = 1 + (title.length % 4); ; request += 4) {
      await using proxy = await openEngineProxy();
      const began = Math.floor(Date.now() / 1000);
      const made = proxy.cutAt(request);
      const ran = await project.runWith({ env: { DOCKER_HOST: proxy.host }, timeoutMs: 20_000 }, ...run);
      if (made.length < request) {
        expect([title, request, ran.code]).toEqual([title, request, 0]);
        expect(request).toBeGreaterThan(10);
        return;
      }
      expect(ran.code, `cut at ${made.at(-1) ?? ""}:\n${ran.stderr}`).toBe(1);
      expect(ran.stderr).toMatch(/^error: .*(engine at .* closed the connection|there is no engine at .*)$/m);
      expect(ran.stderr).not.toMatch(/^ +at |has a bug/m);
      await completes(project, began);
      await project.succeed(...before);
    }
  });

  async function completes(project: TestProject, began: number): Promise<void> {
    // The engine still does what it was asked for last: a container that is being stopped seems to run.
    await sleep(500);
    await settled(project.name, began);
    await project.succeed("up", "-d", "--wait");
    const states = (await containersOf(project.name)).map(({ Name, State }) => `${Name} ${State.Status}`);
    expect(states).toEqual([`${project.container("db-1")} running`, `${project.container("web-1")} running`]);
  }
});

test("before attached up can listen to it: nothing was brought up, and nobody waits for that", async () => {
  await using project = await openProject({ "compose.yaml": compose });
  await using proxy = await openEngineProxy();
  const listening = proxy.held(/^GET \S+\/events/);
  const options = { cwd: project.folder, env: { DOCKER_HOST: proxy.host } };
  const running = await startCli(["-p", project.name, "up"], options);
  await listening;
  await proxy.cut();
  const { code, stderr } = await running.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: .*engine.*closed/m);
  expect(await containersOf(project.name)).toEqual([]);
});

describe("while it is listened to", () => {
  test.each(["up", "logs -f", "events", "stats", "wait web"])("%s", async (verb) => {
    const args = verb.split(" ");
    await using project = await openProject({ "compose.yaml": compose });
    if (args[0] !== "up") await project.succeed("up", "-d", "--wait");
    await using proxy = await openEngineProxy();
    const options = { cwd: project.folder, env: { DOCKER_HOST: proxy.host } };
    const running = await startCli(["-p", project.name, ...args], options);
    if (args[0] === "up") await running.waitFor(/web-1  Hook done/);
    else if (args[0] === "logs") await running.waitFor(/here[^]*there|there[^]*here/);
    else await proxy.answered(args[0] === "events" ? /\/events/ : args[0] === "stats" ? /\/stats/ : /\/wait/);
    await proxy.cut();
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*engine.*closed/m);
    expect(stderr).not.toMatch(/^ +at |has a bug/m);
  });
});
