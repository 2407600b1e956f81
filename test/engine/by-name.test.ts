// A project that is known by its name, and the containers that count as its own.
import { beforeAll, expect, test } from "vitest";

import { call, containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const image = testImages.busybox;
const sleeping = `image: ${image}, command: [sleep, "1000"], stop_grace_period: 0s`;
const elsewhere = { cwd: "/" };

beforeAll(() => ensureImage(image));

/** Started by somebody else, with some of the labels. */
async function stranger(project: TestProject, shortName: string, labels: Record<string, string>): Promise<void> {
  const name = project.container(shortName);
  const ours = { "com.docker.compose.project": project.name, ...labels };
  const request = { Image: image, Cmd: ["sh", "-c", "echo strange; exec sleep 1000"], Labels: ours, StopTimeout: 0 };
  const made = await call("POST", `/containers/create?name=${name}`, request);
  const started = await call("POST", `/containers/${name}/start`);
  expect([made.status, started.status]).toEqual([201, 204]);
}

test("containers with the project's label and no more are none of its own, nor are those of hooks", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: { ${sleeping}, hostname: own } }`,
    note: "for the service",
  });
  const service = "com.docker.compose.service";
  await stranger(project, "grouped", {});
  await stranger(project, "a-hook", { [service]: "web", "com.docker.compose.hook": "pre_start" });
  const before = [
    (await project.succeed("ls", "-aq")).split("\n").includes(project.name),
    await project.succeed("ps", "-aq"),
    (await project.runWith(elsewhere, "exec", "web", "true")).stderr,
  ];
  expect(before).toEqual([false, "", expect.stringContaining("no such service: web")]);
  await project.succeed("up", "-d");
  await stranger(project, "a-later-hook", { [service]: "web", "com.docker.compose.hook": "pre_start" });
  await project.succeed("cp", "note", "web:/note");
  const after = [
    await project.succeed("ps", "-a", "--format", "{{.Name}}"),
    await project.succeed("exec", "-T", "web", "cat", "/etc/hostname", "/note"),
    (await project.succeed("top")).match(/sleep 1000$/gm)?.length,
    await project.succeed("logs", "--no-log-prefix"),
  ];
  // What a hook said is worth reading: those that failed stay for that.
  expect(after).toEqual([`${project.container("web-1")}\n`, "own\nfor the service", 1, "strange\n"]);
});
