// The verbs that change something, as a user types them, on a real engine: what counts is the state afterwards.
import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { beforeAll, describe, expect, test } from "vitest";

import { startCli } from "../harness/cli.ts";
import { call, containersOf, inspectContainer, networksOf, runInside, volumesOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { freePort } from "../harness/ports.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";

const image = testImages.busybox;
const sleeping = `{ image: ${image}, command: [sleep, "1000"], init: true, stop_grace_period: 2s`;

beforeAll(() => ensureImage(image));

/** "web-1 running", sorted. */
async function states({ name }: TestProject): Promise<readonly string[]> {
  return (await containersOf(name)).map((each) => `${each.Name.slice(name.length + 1)} ${each.State.Status}`);
}

/** What was printed, without the name that is different each time. */
function said({ name }: TestProject, text: string): string {
  return text.replaceAll(name, "p");
}

test("a life: up, stop, start, restart, pause, kill, rm, scale, down", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: ${sleeping}, depends_on: [db] }, db: ${sleeping}, volumes: ["data:/data"] } }\nvolumes: { data: {} }`,
  });
  await project.succeed("create");
  expect(await states(project)).toEqual(["db-1 created", "web-1 created"]);
  await project.succeed("up", "-d", "--scale", "web=2");
  expect(await states(project)).toEqual(["db-1 running", "web-1 running", "web-2 running"]);
  await project.succeed("-f", "compose.yaml", "stop", "web");
  expect(await states(project)).toEqual(["db-1 running", "web-1 exited", "web-2 exited"]);
  await project.succeed("start");
  expect(await states(project)).toEqual(["db-1 running", "web-1 running", "web-2 running"]);
  const before = await inspectContainer(project.container("db-1"));
  await project.succeed("-f", "compose.yaml", "restart", "db");
  expect((await inspectContainer(project.container("db-1")))?.State.StartedAt).not.toBe(before?.State.StartedAt);
  await project.succeed("pause", "db");
  expect(await states(project)).toContain("db-1 paused");
  // docker compose fails on a project with a paused container.
  await project.succeed("up", "-d", "--scale", "web=2");
  expect(await states(project)).toContain("db-1 running");
  await project.succeed("scale", "web=1");
  expect(await states(project)).toEqual(["db-1 running", "web-1 running"]);
  await project.succeed("kill", "-s", "SIGKILL", "web");
  expect(await states(project)).toEqual(["db-1 running", "web-1 exited"]);
  // Nobody is there to ask, so nothing is removed; docker compose does the same.
  await project.runWith({ stdin: "" }, "rm", "web");
  expect(await states(project)).toEqual(["db-1 running", "web-1 exited"]);
  await project.succeed("-f", "compose.yaml", "rm", "-f", "web");
  expect(await states(project)).toEqual(["db-1 running"]);
  await project.succeed("-f", "compose.yaml", "down");
  expect([await states(project), (await networksOf(project.name)).length]).toEqual([[], 0]);
  expect(await volumesOf(project.name)).toHaveLength(1);
  await project.succeed("up", "-d");
  const { stderr } = await project.run("down", "-v");
  expect(said(project, stderr)).toContain("data is lost: p_data");
  expect(await volumesOf(project.name)).toEqual([]);
});

test("without a file, by its name alone: stopped, started, taken down", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: ${sleeping}, depends_on: [db] }, db: ${sleeping} } }`,
  });
  await project.succeed("up", "-d");
  const elsewhere = { cwd: "/" };
  expect(await project.runWith(elsewhere, "stop")).toMatchObject({ code: 0 });
  expect(await states(project)).toEqual(["db-1 exited", "web-1 exited"]);
  expect(await project.runWith(elsewhere, "start")).toMatchObject({ code: 0 });
  expect(await states(project)).toEqual(["db-1 running", "web-1 running"]);
  expect(await project.runWith(elsewhere, "down")).toMatchObject({ code: 0 });
  expect([await states(project), await networksOf(project.name)]).toEqual([[], []]);
  const again = await project.runWith(elsewhere, "down");
  expect([again.code, said(project, again.stderr)]).toEqual([
    0,
    expect.stringContaining('No resource found to remove for project "p"'),
  ]);
});

test("what fails to start is explained: probes, last lines, exit code, and who was blocked", async () => {
  await using project = await openProject({
    "compose.yaml": `
services:
  web: ${sleeping}, depends_on: { db: { condition: service_healthy } } }
  job: ${sleeping}, depends_on: { init: { condition: service_completed_successfully } } }
  db:
    image: ${image}
    command: sh -c "echo opening >&2; echo no such disk >&2; sleep 1000"
    init: true
    healthcheck: { test: "echo refused; exit 1", interval: 1s, retries: 3 }
    depends_on: [init]
  init: { image: ${image}, command: sh -c "echo no database; exit 127" }
  other: ${sleeping} }
`,
  });
  const ran = await project.run("up", "-d");
  expect(ran.code).toBe(1);
  expect(await states(project)).toContain("other-1 running");
  expect(said(project, ran.stderr.slice(ran.stderr.indexOf("error:")))).toMatchInlineSnapshot(`
    "error: container p-init-1 didn't complete successfully: it exited (127), which usually means that the command was not found in the image
      last log lines:
        no database

    error: container p-db-1 is unhealthy
      last health checks (echo refused; exit 1):
        exit 1: refused
        exit 1: refused
        exit 1: refused
      last log lines:
        opening
        no such disk

    not tried
      because of container p-init-1: container p-job-1
      because of container p-db-1: container p-web-1
    "
  `);
});

test("a container that the kernel killed for its memory says so, and --wait fails", async () => {
  await using project = await openProject({
    "compose.yaml": `
services:
  greedy:
    image: ${image}
    command: [sh, -c, "echo filling; all=$$(yes | head -c 30000000); sleep 1000"]
    mem_limit: 8m
    memswap_limit: 8m
`,
  });
  const ran = await project.run("up", "-d", "--wait");
  expect([ran.code, said(project, ran.stderr.slice(ran.stderr.indexOf("error:")))]).toEqual([
    1,
    "error: container p-greedy-1 exited (137), because it used more memory than it may (raise mem_limit, or use less)\n" +
      "  last log lines:\n    filling\n",
  ]);
});

describe("two at once", () => {
  test("up and down, in whatever order: afterwards all is there, or nothing", async () => {
    await using project = await openProject({
      "compose.yaml": `services: { web: ${sleeping}, depends_on: [db] }, db: ${sleeping}, volumes: ["data:/data"] } }\nvolumes: { data: {} }`,
    });
    for (let round = 0; round < 4; round += 1) {
      const up = project.run("up", "-d");
      await sleep(round * 60);
      const down = project.run("down", "-v");
      const ended = await Promise.all([up, down]);
      const told = `round ${round}: ${JSON.stringify(ended, undefined, 2)}`;
      expect(
        ended.map(({ code }) => code),
        told,
      ).toEqual([0, 0]);
      const there = [await states(project), (await networksOf(project.name)).length];
      expect(
        [
          [["db-1 running", "web-1 running"], 1],
          [[], 0],
        ],
        told,
      ).toContainEqual(there);
    }
  });

  test("the second waits for the first, says for whom, and finds its work done", async () => {
    await using project = await openProject({
      "compose.yaml": `services: { web: ${sleeping}, depends_on: { db: { condition: service_healthy } } }, db: ${sleeping}, healthcheck: { test: "test -f /tmp/ready", interval: 50ms, retries: 10000 } } }`,
    });
    const first = await project.start("up", "-d");
    await first.waitFor(/Waiting/);
    const second = await project.start("up", "-d");
    await second.waitFor(new RegExp(`waiting for "up" of process ${first.pid} in `));
    await runInside(project.container("db-1"), "touch", "/tmp/ready");
    expect((await first.ended).code).toBe(0);
    expect((await second.ended).code).toBe(0);
    expect(await states(project)).toEqual(["db-1 running", "web-1 running"]);
  });

  // A down that has only the project's name knows the services by their containers, of which there are more by then.
  test("down by name, while up has made only a part: all is gone", async () => {
    await using project = await openProject({
      "compose.yaml": `services: { web: ${sleeping}, depends_on: [cloud] }, db: ${sleeping} }, cloud: { provider: { type: slow } } }`,
      slow: `#!/bin/sh\nwhile [ ! -e ready ]; do sleep 0.05; done\n`,
    });
    await chmod(join(project.folder, "slow"), 0o755);
    await project.succeed("up", "-d", "db");
    const env = { PATH: `${project.folder}:${process.env["PATH"] ?? ""}` };
    const up = await startCli(["-p", project.name, "up", "-d"], { cwd: project.folder, env });
    await up.waitFor(/cloud/);
    const down = await project.start("down");
    await down.waitFor(/waiting for "up"/);
    await project.write({ ready: "" });
    expect((await up.ended).code).toBe(0);
    expect((await down.ended).code).toBe(0);
    expect([await states(project), await networksOf(project.name)]).toEqual([[], []]);
  });

  // The engine makes a volume that is missing by itself: without our labels, so that no down takes it away again.
  test("down, while run makes its container: what that stands on stays until it runs", async () => {
    await using project = await openProject({
      "compose.yaml": `services: { db: ${sleeping}, volumes: ["data:/data"] } }\nvolumes: { data: {} }`,
    });
    await project.succeed("up", "-d");
    await using proxy = await openEngineProxy();
    const creating = proxy.held(/^POST \S+\/containers\/create/);
    const options = { cwd: project.folder, env: { DOCKER_HOST: proxy.host } };
    const run = await startCli(["-p", project.name, "run", "--rm", "-T", "db", "true"], options);
    const letThrough = await creating;
    const down = await startCli(["-p", project.name, "down", "-v"], options);
    await down.waitFor(/waiting for "run"/);
    letThrough();
    expect((await run.ended).code).toBe(0);
    expect((await down.ended).code).toBe(0);
    await project.succeed("down", "-v");
    expect((await call("GET", `/volumes/${project.name}_data`)).status).toBe(404);
    expect([await states(project), await networksOf(project.name)]).toEqual([[], []]);
  });

  test("killed at any moment, the next one completes it", async () => {
    await using project = await openProject({});
    for (let round = 0; round < 6; round += 1) {
      await project.write({
        "compose.yaml": `services: { web: ${sleeping}, scale: 2, environment: { ROUND: "${round}" } }, db: ${sleeping}, volumes: [/anonymous], environment: { ROUND: "${round}" } } }`,
      });
      const running = await project.start("up", "-d");
      await sleep(180 + round * 70);
      running.kill("SIGKILL");
      await running.ended;
    }
    await project.succeed("up", "-d");
    expect(await states(project)).toEqual(["db-1 running", "web-1 running", "web-2 running"]);
    const { stderr } = await project.run("up", "-d");
    expect(stderr).not.toMatch(/Creating|Recreate|Starting|Removing/);
  });
});

test("a project of the same name from another folder is not touched without a yes", async () => {
  await using mine = await openProject({ "compose.yaml": `services: { web: ${sleeping} } }` });
  await mine.succeed("up", "-d");
  const [before] = await containersOf(mine.name);
  await using other = await openProject({ "compose.yaml": `services: { web: ${sleeping}, user: "1" } }` });
  const ran = await other.run("-p", mine.name, "up", "-d");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(`was brought up from ${mine.folder}`);
  expect((await containersOf(mine.name))[0]?.Id).toBe(before?.Id);
  expect(await other.run("-p", mine.name, "-f", "compose.yaml", "down")).toMatchObject({ code: 1 });
  expect(await other.run("-p", mine.name, "up", "-d", "--yes")).toMatchObject({ code: 0 });
  expect((await containersOf(mine.name))[0]?.Id).not.toBe(before?.Id);
});

test("nothing is stopped for what cannot start: an image, a port, a mount that is not to be had", async () => {
  await using project = await openProject({ "compose.yaml": `services: { web: ${sleeping} }, db: ${sleeping} } }` });
  await project.succeed("up", "-d");
  const before = (await containersOf(project.name)).map(({ Id, State }) => Id + State.StartedAt);
  const port = await freePort();
  await using holder = await openProject({
    "compose.yaml": `services: { x: ${sleeping}, ports: ["127.0.0.1:${port}:80"] } }`,
  });
  await holder.succeed("up", "-d");
  const changes = {
    "image .no-such-image. .*is not on this engine": `image: no-such-image, pull_policy: never`,
    [`port 127.0.0.1:${port}.* is taken by container`]: `ports: ["127.0.0.1:${port}:80"]`,
    "/nowhere": `volumes: [ { type: bind, source: /nowhere, target: /x, bind: { create_host_path: false } } ]`,
  };
  for (const [expected, change] of Object.entries(changes)) {
    const web = change.startsWith("image:") ? sleeping.replace(/image: \S+,/, "") : sleeping;
    await project.write({
      "compose.yaml": `services: { web: ${web}, ${change}, user: "1" }, db: ${sleeping}, depends_on: [web], user: "1" } }`,
    });
    const ran = await project.run("up", "-d");
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(expected) });
    const after = await containersOf(project.name);
    expect(after.filter(({ State }) => State.Running).map(({ Id, State }) => Id + State.StartedAt)).toEqual(before);
  }
  // The new containers that were made, and could not take over, are used or thrown away by the next run.
  await project.write({ "compose.yaml": `services: { web: ${sleeping} }, db: ${sleeping} } }` });
  await project.succeed("up", "-d");
  expect((await containersOf(project.name)).map(({ Id, State }) => Id + State.StartedAt)).toEqual(before);
});

test.runIf(process.platform === "linux")("a port that a process of this machine has: it is named", async () => {
  // One that nobody else is given between the two runs.
  const port = await freePort();
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  await using project = await openProject({
    "compose.yaml": `services: { web: ${sleeping}, ports: ["127.0.0.1:${port}:80"] } }`,
  });
  const ran = await project.run("up", "-d");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(
    `error: container ${project.container("web-1")}: the port 127.0.0.1:${port} is taken by process ${process.pid} (`,
  );
  server.close();
  await project.succeed("up", "-d");
  expect(await states(project)).toEqual(["web-1 running"]);
});

test("secrets and configs have the owner and mode that was asked for, at every start", async () => {
  await using project = await openProject({
    "compose.yaml": `
services:
  web: ${sleeping}, secrets: [ { source: key, uid: "1000", gid: "42", mode: 0400 } ], configs: [ { source: app, target: /etc/app/conf } ] }
secrets: { key: { environment: KEY } }
configs: { app: { content: "hello \${WHO}" } }
`,
  });
  const env = { KEY: "s3cret", WHO: "you" };
  expect(await project.runWith({ env }, "up", "-d")).toMatchObject({ code: 0 });
  const web = project.container("web-1");
  expect(await runInside(web, "stat", "-c", "%u %g %a", "/run/secrets/key")).toBe("1000 42 400\n");
  expect(await runInside(web, "cat", "/run/secrets/key", "/etc/app/conf")).toBe("s3crethello you");
  await call("POST", `/containers/${web}/kill`);
  await project.runWith({ env: { ...env, KEY: "changed" } }, "up", "-d");
  expect(await runInside(web, "cat", "/run/secrets/key")).toBe("changed");
});

test("hooks: before the stop, after each start; one that fails keeps the container from being stopped", async () => {
  await using project = await openProject({
    "compose.yaml": `
services:
  web:
    image: ${image}
    command: [sleep, "1000"]
    init: true
    volumes: ["./out:/out"]
    post_start: [ { command: [sh, -c, "echo started >> /out/log"] } ]
    pre_stop: [ { command: [sh, -c, "echo stopping >> /out/log; test ! -f /out/no"] } ]
`,
  });
  await project.succeed("up", "-d");
  await project.succeed("-f", "compose.yaml", "restart");
  expect(await runInside(project.container("web-1"), "cat", "/out/log")).toBe("started\nstopping\nstarted\n");
  await runInside(project.container("web-1"), "touch", "/out/no");
  const ran = await project.run("-f", "compose.yaml", "stop");
  expect(ran).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('pre_stop hook of service "web" exited with status 1'),
  });
  expect(await states(project)).toEqual(["web-1 running"]);
});

test("where every service has a profile, up has nothing to bring up; the others have nothing to do", async () => {
  await using project = await openProject({ "compose.yaml": `services: { web: ${sleeping}, profiles: [extra] } }\n` });
  const up = await project.run("up", "-d");
  expect([up.code, up.stderr]).toEqual([
    1,
    "error: no service selected\n  hint: each belongs to a profile: enable one with --profile, or name a service\n",
  ]);
  for (const verb of ["create", "build", "pull", "push", "stop", "down"]) {
    expect([verb, (await project.run(verb)).code]).toEqual([verb, 0]);
  }
  expect(await containersOf(project.name)).toEqual([]);
});
