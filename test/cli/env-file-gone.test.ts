// A machine that builds has no env files, and one may be gone when its project is taken down.
import { rm } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";

let project: TestProject;

beforeAll(async () => {
  await ensureImage(testImages.busybox);
  project = await openProject({
    "web.env": "KEPT=yes\n",
    "hooked.env": "SAID=first\n",
    Dockerfile: "FROM scratch\n",
    "compose.yaml": `services:
  web: { image: ${testImages.busybox}, command: [sleep, "1000"], stop_grace_period: 0s, env_file: web.env }
  hooked:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
    env_file: hooked.env
    volumes: [/data]
    pre_start: [{ command: [sh, -c, 'echo "$$SAID" >/data/said'] }]
    profiles: [hooked]
  made: { build: ., image: "made:1", env_file: nowhere.env, profiles: [made] }
`,
  });
  await project.succeed("up", "-d");
  await rm(path.join(project.folder, "web.env"));
});
afterAll(() => project[Symbol.asyncDispose]());

// A name without a file would do without the file.
const fromFile = ["-f", "compose.yaml"];
const succeed = (...args: readonly string[]): Promise<string> => project.succeed(...fromFile, ...args);

test("Containers are looked at, stopped and started without it", async () => {
  expect(await succeed("ps", "--services")).toContain("web");
  await succeed("stop");
  await succeed("start");
  await succeed("restart");
  expect(await succeed("exec", "-T", "web", "sh", "-c", "echo $KEPT")).toBe("yes\n");
});

test("A pre_start hook that runs at a start is told what the file says", async () => {
  await project.write({ "web.env": "KEPT=yes\n" });
  await succeed("up", "-d", "hooked");
  await project.write({ "hooked.env": "SAID=second\n" });
  await succeed("stop", "hooked");
  await succeed("start", "hooked");
  expect(await succeed("exec", "-T", "hooked", "sh", "-c", "read said </data/said; echo $said")).toBe("second\n");
  await rm(path.join(project.folder, "web.env"));
});

test("Images are listed, pulled and built without it", async () => {
  expect(await succeed("--profile", "made", "config", "--images")).toContain("made:1");
  expect(await succeed("build", "--print", "made")).toContain("made:1");
  await succeed("pull", "--ignore-buildable", "made");
});

test("A container is not made without it, but taken down", async () => {
  const { code, stderr } = await project.run(...fromFile, "up", "-d");
  expect([code, stderr]).toEqual([1, expect.stringContaining('web.env" of service "web" does not exist')]);
  await succeed("--profile", "hooked", "down", "--volumes");
});
