// A project that is known by its name, and the containers that count as its own.
import path from "node:path";

import { beforeAll, expect, test } from "vitest";

import { imageTags } from "../harness/clean.ts";
import { call, containersOf, networksOf, volumesOf } from "../harness/engine-api.ts";
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

test("-p with nothing in it, or with capitals; COMPOSE_PROJECT_NAME of a .env beside a broken file", async () => {
  await using project = await openProject({ "compose.yaml": `name: file\nservices: { web: { ${sleeping} } }` });
  await project.write({ "compose.yaml": `name: ${project.name}\nservices: { web: { ${sleeping} } }` });
  await project.succeed("up", "-d");
  const name = `${project.container("web-1")}\n`;
  const ps = ["ps", "--format", "{{.Name}}"];
  expect(await project.succeed("-p", "", ...ps)).toBe(name);
  expect(await project.succeed("-p", project.name.toUpperCase(), ...ps)).toBe(name);
  await project.write({ "compose.yaml": "services: [", ".env": `COMPOSE_PROJECT_NAME=${project.name}` });
  expect(await project.succeed("-p", "", ...ps)).toBe(name);
  expect(await project.succeed("-p", "", "exec", "-T", "web", "echo", "there")).toBe("there\n");
  expect(await project.run("-p", "", "up", "-d")).toMatchObject({ code: 1 });
  await project.succeed("-p", "", "down");
  expect(await containersOf(project.name)).toEqual([]);
});

test("who only looks into a container of a project with a name needs nothing that its file asks for", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: { ${sleeping}, environment: { SECRET: "\${SECRET:?}" } } }`,
  });
  const file = ["-f", path.join(project.folder, "compose.yaml")];
  const { code } = await project.runWith({ env: { SECRET: "x" } }, ...file, "up", "-d");
  expect(code).toBe(0);
  expect(await project.succeed(...file, "exec", "-T", "web", "echo", "there")).toBe("there\n");
  expect(await project.succeed(...file, "images", "-q")).toMatch(/^[0-9a-f]{64}\n$/);
  expect(await project.run(...file, "exec", "-T", "wbe", "true")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("SECRET"),
  });
  expect(await project.run(...file, "stop")).toMatchObject({ code: 1, stderr: expect.stringContaining("SECRET") });
});

test("how long a container has to stop is its own word, also where no file says it", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: { image: ${image}, command: [sh, -c, "trap '' TERM; while :; do sleep 1; done"], stop_grace_period: 300s } }`,
  });
  await project.succeed("up", "-d");
  const stopping = await project.start("stop");
  await stopping.waitFor(/has 2\d\d s to stop before it is killed/);
  await call("POST", `/containers/${project.container("web-1")}/kill`);
  expect((await stopping.ended).code).toBe(0);
});

test("pause leaves alone what run has started", async () => {
  await using project = await openProject({ "compose.yaml": `services: { web: { ${sleeping} } }` });
  await project.succeed("up", "-d");
  await project.succeed("run", "-d", "web");
  const states = async (): Promise<readonly string[]> =>
    (await containersOf(project.name))
      .map((each) => `${each.Config.Labels["com.docker.compose.oneoff"]} ${each.State.Status}`)
      .toSorted();
  await project.runWith(elsewhere, "pause");
  expect(await states()).toEqual(["False paused", "True running"]);
  await project.runWith(elsewhere, "unpause");
  expect(await states()).toEqual(["False running", "True running"]);
});

test("down of one service by name: what others keep their data in stays, also while they have no container", async () => {
  await using project = await openProject({
    "compose.yaml": `services:
  web: { ${sleeping}, volumes: ["cache:/cache"], networks: [front] }
  db: { ${sleeping}, volumes: ["data:/data"], networks: [back] }
networks: { front: {}, back: {} }
volumes: { cache: {}, data: {} }`,
  });
  await project.succeed("up", "-d");
  await project.succeed("rm", "-fs", "db");
  await project.succeed("down", "-v", "web");
  const names = (found: readonly { readonly Name: string }[]): readonly string[] => found.map(({ Name }) => Name);
  expect(names(await volumesOf(project.name))).toEqual([`${project.name}_data`]);
  expect(names(await networksOf(project.name))).toEqual([`${project.name}_back`]);
  await project.succeed("down", "-v");
  expect([await volumesOf(project.name), await networksOf(project.name)]).toEqual([[], []]);
});

test("--rmi: also what was built since, and with --remove-orphans for services that are gone; a copy of a container stays", async () => {
  const built = (label: string): string =>
    `{ build: { context: ., dockerfile_inline: "FROM ${image}\\nLABEL is=${label}" }, command: [sleep, "1000"] }`;
  await using project = await openProject({
    "compose.yaml": `services: { web: ${built("1")}, old: ${built("1")}, gone: ${built("1")} }`,
    "less.yaml": `services: { web: ${built("1")}, old: ${built("2")} }`,
  });
  const tags = async (): Promise<readonly string[]> =>
    (await imageTags()).filter((each) => each.startsWith(project.container(""))).toSorted();
  const [copy, gone, old, web] = ["copy", "gone", "old", "web"].map((each) => `${project.container(each)}:latest`);
  await project.succeed("build");
  await project.succeed("create", "web", "old");
  await project.succeed("commit", "web", copy ?? "");
  expect(await tags()).toEqual([copy, gone, old, web]);
  await project.succeed("-f", "less.yaml", "down", "--rmi", "local", "web");
  expect(await tags()).toEqual([copy, gone, old]);
  await project.succeed("-f", "less.yaml", "build", "old");
  await project.runWith(elsewhere, "down", "--rmi", "local");
  expect(await tags()).toEqual([copy, gone]);
  await project.runWith(elsewhere, "down", "--rmi", "local", "--remove-orphans");
  expect(await tags()).toEqual([copy]);
});

test("down by name: networks and volumes that have another name in the file by now go along", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: { ${sleeping}, volumes: ["data:/data"] } }
networks: { default: { name: "\${COMPOSE_PROJECT_NAME}_\${X}" } }
volumes: { data: { name: "\${COMPOSE_PROJECT_NAME}_\${X}" } }`,
  });
  for (const X of ["one", "two"]) expect(await project.runWith({ env: { X } }, "up", "-d")).toMatchObject({ code: 0 });
  expect([(await volumesOf(project.name)).length, (await networksOf(project.name)).length]).toEqual([2, 2]);
  await project.succeed("down", "-v");
  expect([await volumesOf(project.name), await networksOf(project.name)]).toEqual([[], []]);
});

test("what early releases of docker compose wrote of a dependency: whoever depends is restarted with it", async () => {
  await using project = await openProject({});
  const hash = { "com.docker.compose.config-hash": "old" };
  await stranger(project, "db", { ...hash, "com.docker.compose.service": "db" });
  const web = { "com.docker.compose.service": "web", "com.docker.compose.depends_on": "db" };
  await stranger(project, "web", { ...hash, ...web });
  const started = async (): Promise<readonly string[]> =>
    (await containersOf(project.name)).map(({ State }) => State.StartedAt);
  const [db, web1] = await started();
  await project.succeed("restart", "db");
  const after = await started();
  expect(after).not.toContain(db);
  expect(after).not.toContain(web1);
});
