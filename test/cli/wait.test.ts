// wait: told by the engine, not asked for again and again.
import { expect, test } from "vitest";

import { type RunningCli, startCli } from "../harness/cli.ts";
import { containersOf, networksOf, runInside } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";

/** Services that end when a file says how. */
const files = {
  "compose.yaml": ["one", "two"]
    .map(
      (name) => `
  ${name}:
    image: ${testImages.busybox}
    stop_grace_period: 0s
    command: [ sh, -c, 'while ! [ -e /tmp/code ]; do sleep 0.05; done; exit $$(cat /tmp/code)' ]`,
    )
    .reduce((text, service) => text + service, "services:"),
};

async function running(): Promise<TestProject> {
  await ensureImage(testImages.busybox);
  const project = await openProject(files);
  await project.succeed("up", "-d");
  return project;
}

interface Waiting extends RunningCli, AsyncDisposable {}

/** Resolves when the engine watches. */
async function startWait(project: TestProject, ...args: readonly string[]): Promise<Waiting> {
  const proxy = await openEngineProxy();
  const options = { cwd: project.folder, env: { DOCKER_HOST: proxy.host } };
  const cli = await startCli(["-p", project.name, "wait", ...args], options);
  await proxy.answered(/\/wait\?/, args.filter((arg) => !arg.startsWith("-")).length);
  return { ...cli, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

/** How that command itself ends nobody knows: the container may take it along. */
async function end(project: TestProject, service: string, code: number): Promise<void> {
  const script = `echo ${code} > /tmp/new; mv /tmp/new /tmp/code`;
  await runInside(project.container(`${service}-1`), "sh", "-c", script);
}

async function idOf(project: TestProject, service: string): Promise<string> {
  const containers = await containersOf(project.name);
  return containers.find(({ Name }) => Name === project.container(`${service}-1`))?.Id ?? "";
}

test("tells when it has stopped, and exits as it did", async () => {
  await using project = await running();
  await using waiting = await startWait(project, "one");
  await end(project, "two", 3);
  await end(project, "one", 5);
  const { code, stdout, stderr } = await waiting.ended;
  const expected = `container "${await idOf(project, "one")}" exited with status code 5\n`;
  expect({ code, stdout, stderr }).toEqual({ code: 5, stdout: expected, stderr: "" });
});

test("of several the last one counts", async () => {
  await using project = await running();
  await using waiting = await startWait(project, "one", "two");
  await end(project, "two", 3);
  await waiting.waitFor(/status code 3/);
  await end(project, "one", 0);
  const { code, stdout } = await waiting.ended;
  expect(stdout).toMatch(/status code 3\n.*status code 0\n$/);
  expect(code).toBe(0);
});

test("--down-project: with the first one everything goes", async () => {
  await using project = await running();
  await using waiting = await startWait(project, "--down-project", "one", "two");
  await end(project, "two", 4);
  const { code, stdout } = await waiting.ended;
  expect(code).toBe(4);
  expect(stdout).toMatch(/^container "[0-9a-f]{64}" exited with status code 4\n$/);
  expect(await containersOf(project.name)).toEqual([]);
  expect(await networksOf(project.name)).toEqual([]);
});

test("one that was killed, and Ctrl-C while it waits", async () => {
  await using project = await running();
  await using waiting = await startWait(project, "one");
  await project.succeed("kill", "one");
  expect((await waiting.ended).code).toBe(137);
  await using other = await startWait(project, "two");
  other.kill("SIGINT");
  expect((await other.ended).code).toBe(130);
});

test("what does not run is named, and how it has ended", async () => {
  await using project = await running();
  await project.succeed("kill", "one");
  const { code, stderr } = await project.run("wait", "one");
  expect({ code, stderr: stderr.replaceAll(project.name, "P") }).toEqual({
    code: 1,
    stderr: 'error: service "one" is not running\n  hint: P-one-1 exited with code 137\n',
  });
  expect((await project.run("wait", "noe")).stderr).toMatch(
    /^error: no such service: noe\n {2}hint: did you mean "one/,
  );
  expect((await project.run("wait")).stderr).toMatch(/^error: wait needs SERVICE/);
});

test.skipIf(!hasPeer)("docker compose says the same", async () => {
  await using project = await running();
  await using ours = await startWait(project, "one");
  await using proxy = await openEngineProxy();
  const theirs = peer({ ...project, env: { DOCKER_HOST: proxy.host } }, "wait", "one");
  await proxy.answered(/\/wait[? ]/);
  await end(project, "one", 6);
  expect(await ours.ended).toEqual(await theirs);
});
