// `up` without --detach: what containers write, how it ends, and with which code.
import { setTimeout as sleep } from "node:timers/promises";

import { beforeAll, describe, expect, test } from "vitest";

import { startCli } from "../harness/cli.ts";
import { containersOf, logsOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";

const image = testImages.busybox;
const says = (script: string, more = ""): string =>
  `{ image: ${image}, init: true, command: [sh, -c, "${script}"] ${more}}`;

beforeAll(() => ensureImage(image));

function compose(services: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lines = Object.entries(services).map(([name, text]) => `  ${name}: ${text}\n`);
  return { "compose.yaml": `services:\n${lines.join("")}` };
}

async function states({ name }: TestProject): Promise<readonly string[]> {
  return (await containersOf(name)).map(
    (each) => `${each.Name.slice(name.length + 1)} ${each.State.Status} ${each.State.ExitCode}`,
  );
}

test("shows both streams of all, each with its name, and ends with the last container", async () => {
  await using project = await openProject(
    compose({
      one: says("echo first; sleep 0.3; echo second"),
      two: says("echo to stderr >&2; exit 3"),
      quiet: says("echo not shown", ", attach: false "),
    }),
  );
  const ran = await project.run("up");
  expect(ran.code).toBe(0);
  expect(ran.stdout.split("\n")[0]).toBe("Attaching to one-1, two-1");
  expect(ran.stdout).toMatch(/^one-1 +\| first$/m);
  expect(ran.stdout).toMatch(/^one-1 +\| second$/m);
  expect(ran.stderr).toMatch(/^two-1 +\| to stderr$/m);
  expect(ran.stdout).toContain("two-1 exited with code 3");
  expect(ran.stdout + ran.stderr).not.toContain("not shown");
});

test("misses nothing of containers that end at once, the first time and again", { timeout: 120_000 }, async () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  await using project = await openProject(
    compose(Object.fromEntries(names.map((name) => [name, says(`echo I am ${name}`)]))),
  );
  for (let round = 0; round < 3; round += 1) {
    const { stdout, code } = await project.run("up");
    expect(code).toBe(0);
    expect(names.filter((name) => stdout.split(`I am ${name}`).length !== 2)).toEqual([]);
  }
});

describe("ends early, and stops the others", () => {
  // Who is stopped has been told to stay by a health check: before, it may not even have begun to hear signals.
  const stays = says("echo here; sleep 1000", ", healthcheck: { test: 'true', interval: 50ms } ");
  const after = (...names: readonly string[]): string =>
    `, depends_on: { ${names.map((name) => `${name}: { condition: service_healthy }`).join(", ")} } `;

  test("--abort-on-container-exit: when the first ends, with its code", async () => {
    await using project = await openProject(
      compose({ fails: stays, ends: says("true", after("fails", "stays")), stays }),
    );
    expect((await project.run("up", "--abort-on-container-exit")).code).toBe(0);
    expect(await states(project)).toEqual(["ends-1 exited 0", "fails-1 exited 143", "stays-1 exited 143"]);
  });

  test("--abort-on-container-failure: when the first fails, with its code", async () => {
    const endsFirst = ", depends_on: { ends: { condition: service_completed_successfully } } ";
    await using project = await openProject(
      compose({ fails: says("exit 3", endsFirst), ends: says("true", after("stays")), stays }),
    );
    expect((await project.run("up", "--abort-on-container-failure")).code).toBe(3);
    expect(await states(project)).toEqual(["ends-1 exited 0", "fails-1 exited 3", "stays-1 exited 143"]);
  });

  test("--exit-code-from: with the code of that service", async () => {
    await using project = await openProject(compose({ test: says("exit 42", after("db")), db: stays }));
    expect((await project.run("up", "--exit-code-from", "test")).code).toBe(42);
    expect(await states(project)).toEqual(["db-1 exited 143", "test-1 exited 42"]);
  });
});

describe("Ctrl-C", () => {
  test("once stops gracefully", async () => {
    await using project = await openProject(
      compose({ web: says("trap 'exit 0' TERM; echo ready; sleep 1000 & wait") }),
    );
    const running = await project.start("up");
    await running.waitFor(/ready/);
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(await states(project)).toEqual(["web-1 exited 0"]);
  });

  test("twice kills what does not want to go", async () => {
    const deaf = `{ image: ${image}, command: [sh, -c, "echo ready; sleep 1000"], stop_grace_period: 60s }`;
    await using project = await openProject(compose({ web: deaf }));
    const running = await project.start("up");
    await running.waitFor(/ready/);
    running.kill("SIGINT");
    await running.waitFor(/Stopping/);
    const began = Date.now();
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await states(project)).toEqual(["web-1 exited 137"]);
  });

  test("while containers are still brought up ends that, and stops those that run", async () => {
    await using project = await openProject(
      compose({
        db: says("echo here; sleep 1000", ", healthcheck: { test: 'exit 1', interval: 1s, start_period: 100s } "),
        web: says("sleep 1000", ", depends_on: { db: { condition: service_healthy } } "),
      }),
    );
    const running = await project.start("up");
    await running.waitFor(/Waiting/);
    await expect.poll(() => logsOf(project.container("db-1")), { timeout: 20_000 }).toBe("here\n");
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(await states(project)).toEqual(["db-1 exited 143", "web-1 created 0"]);
  });

  test.each([
    ["starts a container", "up", "start", /Starting/],
    ["starts a watched container again", "up --watch", "restart", /Watch enabled/],
  ])("while the engine %s stops that, too", async (_, verb, action, begun) => {
    const watch = ", develop: { watch: [{ action: restart, path: ./src }] } ";
    await using project = await openProject({ ...compose({ web: says("sleep 1000", watch) }), "src/a": "1" });
    await using proxy = await openEngineProxy();
    const request = new RegExp(String.raw`^POST \S+/${action}\b`);
    const held = proxy.held(request);
    const options = { cwd: project.folder, env: { DOCKER_HOST: proxy.host } };
    const running = await startCli(["-p", project.name, ...verb.split(" ")], options);
    await running.waitFor(begun);
    await project.write({ "src/a": "2" });
    const letThrough = await held;
    running.kill("SIGINT");
    await running.waitFor(/Gracefully stopping/);
    // Time enough for whoever does not wait for it.
    await Promise.race([running.ended, sleep(1000)]);
    letThrough();
    expect((await running.ended).code).toBe(130);
    await proxy.answered(request);
    expect(await states(project)).toEqual(["web-1 exited 143"]);
  });
});

describe("who is shown, and who is waited for", () => {
  const services = compose({ web: says("echo I am web"), db: says("echo I am db") });

  test.each([
    [["--attach", "wbe"], 'no such service: wbe\n  hint: did you mean "web"?'],
    [["--exit-code-from", "wbe"], 'no such service: wbe\n  hint: did you mean "web"?'],
    [["--attach", "db", "web"], '--attach names service "db", which is not brought up'],
    [["--exit-code-from", "db", "web"], '--exit-code-from names service "db", which is not brought up'],
  ])("%j is refused before anything is made", async (args, message) => {
    await using project = await openProject(services);
    const ran = await project.run("up", ...args);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(1);
    expect(await states(project)).toEqual([]);
  });

  test("nobody is named: all are shown, and up stays as long as they run", async () => {
    await using project = await openProject(services);
    const ran = await project.run("up", "--exit-code-from", "", "--no-attach", "web", "web");
    expect(ran.stdout).toContain("Attaching to web-1\nweb-1  | I am web\nweb-1 exited with code 0\n");
    expect(ran.code).toBe(0);
  });
});

test("a container that the engine restarts stays followed", async () => {
  await using project = await openProject(
    compose({ web: says("echo try; sleep 0.2; exit 1", ", restart: 'on-failure:2' ") }),
  );
  const { stdout, code } = await project.run("up");
  expect(code).toBe(0);
  expect(stdout.split("| try").length - 1).toBe(3);
  expect(stdout).toContain("web-1 exited with code 1 (restarting)");
  expect(stdout).toMatch(/web-1 exited with code 1\n/);
});

test("what fails to start is explained after what the others wrote", async () => {
  await using project = await openProject(
    compose({ ok: says("echo fine; sleep 1000"), bad: `{ image: ${image}, command: [no-such-program] }` }),
  );
  const ran = await project.run("up");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("no-such-program");
});
