// Where what we write goes: readers that leave early, and places that take nothing.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

import { beforeAll, describe, expect, test } from "vitest";

import { builtCli } from "../harness/cli.ts";
import { containersOf, logsOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";

const image = testImages.busybox;
const files = {
  "compose.yaml": `services: { web: { image: ${image}, init: true, command: [sh, -c, "yes hello | head -5000; sleep 1000"], stop_grace_period: 1s } }`,
};

beforeAll(() => ensureImage(image));

/** Up, with all that it says in its log. */
async function talkedOut(): Promise<TestProject> {
  const project = await openProject(files);
  await project.succeed("up", "-d");
  const lines = async (): Promise<number> => (await logsOf(project.container("web-1"))).split("\n").length - 1;
  await expect.poll(lines, { timeout: 40_000 }).toBe(5000);
  return project;
}

/** In a shell: "$T ps | head -1"; gives what it printed, errors included. */
async function shell({ name, folder }: TestProject, line: string): Promise<string> {
  const env = { ...process.env, T: `${process.execPath} ${await builtCli()} -p ${name}` };
  const { stdout } = await promisify(execFile)("bash", ["-c", `{ ${line}; } 2>&1`], { cwd: folder, env });
  return stdout;
}

test("a reader that has seen enough: it ends as other programs do, without a word", async () => {
  await using project = await talkedOut();
  const status = "; echo ${PIPESTATUS[0]}";
  expect(await shell(project, `$T logs | head -1${status}`)).toBe("web-1  | hello\n141\n");
  expect(await shell(project, `$T logs -f | head -1${status}`)).toBe("web-1  | hello\n141\n");
  expect(await shell(project, `$T config | true${status}`)).toMatch(/^(141|0)\n$/);
  expect(await shell(project, `$T ps | true${status}`)).toMatch(/^(141|0)\n$/);
  await shell(project, "$T up -d --force-recreate 2>&1 | head -1");
  expect(await project.run("up", "-d")).toMatchObject({ code: 0 });
  expect((await containersOf(project.name)).map(({ State }) => State.Status)).toEqual(["running"]);
});

test("nobody reads the progress any more: nothing is begun that the engine would go on with", async () => {
  await using project = await openProject(files);
  await project.succeed("up", "-d");
  await using proxy = await openEngineProxy();
  const requests = proxy.cutAt(Number.POSITIVE_INFINITY);
  const looking = proxy.held(/\/containers\/json/);
  const env = { ...process.env, DOCKER_HOST: proxy.host };
  const child = spawn(process.execPath, [await builtCli(), "-p", project.name, "stop"], { cwd: project.folder, env });
  const look = await looking;
  await once(child.stderr.destroy(), "close");
  look();
  expect(await new Promise((settle) => child.on("close", settle))).toBe(141);
  expect(requests.filter((request) => request.startsWith("POST"))).toEqual([]);
});

test("a file that a flag names and that cannot be written is said in words", async () => {
  await using project = await openProject(files);
  const nowhere = "error: /nowhere/x.json: no such file or folder\n";
  expect(await project.run("config", "-o", "/nowhere/x.json")).toMatchObject({ code: 1, stderr: nowhere });
  const up = await project.run("--timeline", "/nowhere/x.json", "up", "-d");
  expect(up).toMatchObject({ code: 1, stderr: expect.stringContaining(nowhere) });
  expect((await containersOf(project.name)).map(({ State }) => State.Status)).toEqual(["running"]);
  // The failure of the work itself comes first.
  await project.write({ "compose.yaml": "services: { web: { image: no-such-image, pull_policy: never } }" });
  const failed = await project.run("--timeline", "/nowhere/x.json", "up", "-d");
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("no-such-image") });
  expect(failed.stderr).not.toContain("nowhere");
});

test("what is no plain file is written into, not replaced", async () => {
  await using project = await openProject(files);
  await project.succeed("up", "-d");
  expect(
    Number(
      await shell(
        project,
        "mkfifo pipe; (wc -c <pipe) & $T export -o pipe web 2>&1 >/dev/null | grep -i error; wait; test -p pipe",
      ),
    ),
  ).toBeGreaterThan(1_000_000);
});

describe.runIf(existsSync("/dev/full"))("a full disk", () => {
  test("results that cannot be written are a failure, and no stack trace", async () => {
    await using project = await talkedOut();
    for (const verb of ["config", "ps", "logs", "version", "--help", "exec -T web echo x"]) {
      expect(await shell(project, `$T ${verb} >/dev/full; echo $?`)).toBe(
        "error: the standard output cannot be written: no space is left on the device\n1\n",
      );
    }
  });

  test("progress that cannot be written keeps nothing from being done", async () => {
    await using project = await openProject(files);
    expect(await shell(project, "$T up -d 2>/dev/full; echo $?")).toBe("0\n");
    expect((await containersOf(project.name)).map(({ State }) => State.Status)).toEqual(["running"]);
    expect(await shell(project, "$T config --nonsense 2>/dev/full; echo $?")).toBe("1\n");
  });
});
