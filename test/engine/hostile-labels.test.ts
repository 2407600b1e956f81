// Labels are anybody's: what stands in them breaks no verb, reaches no terminal, and keeps nobody from taking a project down.
import { beforeAll, expect, test } from "vitest";

import { call, containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const image = testImages.busybox;
const escape = "\u001B[2J\u001B]0;title\u0007";

beforeAll(() => ensureImage(image));

test("a dependency that was turned around: two generations of containers are taken down by name", async () => {
  const service = `{ image: ${image}, command: [sleep, "1000"], init: true`;
  await using project = await openProject({
    "old.yaml": `services: { a: ${service}, depends_on: [b] }, b: ${service} } }`,
    "new.yaml": `services: { a: ${service} }, b: ${service}, depends_on: [a], hostname: new } }`,
  });
  await project.succeed("-f", "old.yaml", "up", "-d");
  await project.succeed("-f", "new.yaml", "up", "-d", "--no-deps", "b");
  const elsewhere = { cwd: "/" };
  expect(await project.runWith(elsewhere, "stop", "-t", "0")).toMatchObject({ code: 0 });
  expect(await project.runWith(elsewhere, "start")).toMatchObject({ code: 0 });
  expect(await project.runWith(elsewhere, "down", "-t", "0")).toMatchObject({ code: 0 });
  expect(await containersOf(project.name)).toEqual([]);
});

test("labels that mean nothing: looked at, brought up, taken down", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: { image: ${image}, command: [sleep, "1000"], init: true } }`,
  });
  const service = "com.docker.compose.service";
  const number = "com.docker.compose.container-number";
  const dependsOn = "com.docker.compose.depends_on";
  const strange: readonly Readonly<Record<string, string>>[] = [
    { [service]: "web", [number]: "banana", "com.docker.compose.oneoff": "perhaps", [dependsOn]: "{{{:::,,," },
    { [service]: `we${escape}b`, [number]: "-5", [dependsOn]: `we${escape}b:banana:perhaps,self:x` },
    { [service]: "web", [number]: "9".repeat(30), "com.docker.compose.replace": escape },
    { [service]: "__proto__", [number]: "1", [dependsOn]: "__proto__:service_started:true" },
    { [service]: "constructor", "dev.tscompose.auto-ports": '{"a":[[[', "com.docker.compose.image": escape },
    { "com.docker.compose.project.config_files": `${escape}\nforged` },
  ];
  for (const [index, labels] of strange.entries()) await createWith(project, index, labels);
  for (const verb of ["ps -a", "ls -a", "images", "top", "plan", "up -d --dry-run", "down --dry-run"]) {
    const ran = await project.run(...verb.split(" "));
    expect([verb, ran.code, ran.stderr]).toEqual([verb, 0, expect.not.stringMatching(/has a bug|\u001B|forged$/m)]);
    expect(ran.stdout).not.toMatch(/\u001B|^forged/m);
  }
  await project.succeed("up", "-d");
  expect((await containersOf(project.name)).map(({ Name }) => Name)).toContain(project.container("web-1"));
  expect(await project.runWith({ cwd: "/" }, "down", "--remove-orphans", "-t", "0")).toMatchObject({ code: 0 });
  expect(await containersOf(project.name)).toEqual([]);
});

async function createWith({ name }: TestProject, index: number, labels: object): Promise<void> {
  const ours = { "com.docker.compose.project": name, "com.docker.compose.config-hash": "none", ...labels };
  const request = { Image: image, Cmd: ["sleep", "1000"], Labels: ours };
  const { status, text } = await call("POST", `/containers/create?name=${name}-strange-${index}`, request);
  expect([status, text]).toEqual([201, expect.any(String)]);
}
