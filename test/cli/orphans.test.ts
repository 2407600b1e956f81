// Containers of a service that the file has lost: one may look into them, and variables say what becomes of them.
import path from "node:path";

import { beforeAll, expect, test } from "vitest";

import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

const service = `{ image: "${testImages.busybox}", command: sleep 1000, init: true, ports: ["127.0.0.1::80"] }`;

test("a service that only containers know has a name", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: ${service}, old: ${service} }`,
    "less.yaml": `services: { web: ${service}, off: { image: "${testImages.busybox}", profiles: [x] } }`,
  });
  await project.succeed("up", "-d");
  const less = ["-f", "less.yaml"];
  const looked = [
    await project.succeed(...less, "exec", "old", "echo", "in old"),
    await project.succeed(...less, "port", "old", "80"),
    await project.succeed(...less, "top", "old"),
    await project.succeed(...less, "images", "old"),
    await project.succeed(...less, "stats", "--no-stream", "old"),
    await project.succeed(...less, "export", "-o", path.join(project.folder, "old.tar"), "old"),
    await project.succeed(...less, "cp", "less.yaml", "old:/less.yaml"),
  ];
  expect(looked[0]).toBe("in old\n");
  expect(looked[1]).toMatch(/^127\.0\.0\.1:\d+\n$/);
  expect(looked[2]).toContain("sleep 1000");
  expect(looked[3]).toContain(project.container("old-1"));
  expect(looked[4]).toContain(project.container("old-1"));
  expect((await project.run("-f", "less.yaml", "exec", "odl", "true")).stderr).toBe(
    'error: no such service: odl\n  hint: did you mean "old"?\n',
  );
  expect((await project.run("-f", "less.yaml", "exec", "off", "true")).stderr).toContain("is not running");
  await project.succeed("stop", "-t", "0", "old");
  const ended = [(await project.run(...less, "exec", "old", "true")).stderr];
  ended.push((await project.run(...less, "exec", "--index", "1", "old", "true")).stderr);
  expect(ended.map((text) => text.split("\n")[0])).toEqual([
    'error: service "old" is not running',
    `error: container ${project.container("old-1")} is not running`,
  ]);
});

test("logs are those of the file's services; of others where they are named, or where there is no file", async () => {
  const says = (text: string): string => `{ image: "${testImages.busybox}", command: echo ${text}`;
  await using project = await openProject({
    "compose.yaml": `services: { web: ${says("from web")} }, old: ${says("from old")} }, off: ${says("from off")} } }`,
    "less.yaml": `services: { web: ${says("from web")} }, off: ${says("from off")}, profiles: [x] } }`,
  });
  await project.succeed("up", "-d");
  await project.run("wait", "web", "old", "off");
  const lines = async (...args: string[]): Promise<readonly string[]> =>
    (await project.succeed(...args)).trim().split("\n").toSorted();
  const quiet = ["logs", "--no-log-prefix"];
  expect(await lines("-f", "less.yaml", ...quiet)).toEqual(["from web"]);
  expect(await lines("-f", "less.yaml", "--profile", "x", ...quiet, "-f")).toEqual(["from off", "from web"]);
  expect(await lines("-f", "less.yaml", ...quiet, "old")).toEqual(["from old"]);
  expect(await lines(...quiet)).toEqual(["from off", "from old", "from web"]);
});

test("what becomes of them where no flag says so", async () => {
  const idle = `{ image: "${testImages.busybox}", command: sleep 1000 }`;
  await using project = await openProject({
    "compose.yaml": `services: { web: ${idle}, old: ${idle} }`,
    "less.yaml": `services: { web: ${idle} }`,
  });
  const left = async (variable: string, ...args: string[]): Promise<string> => {
    await project.succeed("create");
    const ran = await project.runWith({ env: { [variable]: "1" } }, "-f", "less.yaml", ...args);
    expect(ran.stderr).not.toContain("error");
    return (await project.succeed("-f", "less.yaml", "ps", "-a", "--format", "{{.Service}}")).trim();
  };
  expect(await left("COMPOSE_REMOVE_ORPHANS", "create")).toBe("old\nweb");
  expect(await left("COMPOSE_REMOVE_ORPHANS", "up", "--no-start")).toBe("web");
  expect(await left("COMPOSE_REMOVE_ORPHANS", "up", "--no-start", "--remove-orphans=false")).toBe("old\nweb");
  expect(await left("COMPOSE_REMOVE_ORPHANS", "down", "--remove-orphans=false")).toBe("old");
  expect(await left("COMPOSE_REMOVE_ORPHANS", "down")).toBe("");
  expect(await left("COMPOSE_IGNORE_ORPHANS", "create", "--remove-orphans")).toBe("web");
});

test("COMPOSE_COMPATIBILITY joins names as the flag does", async () => {
  const compose = `services: { web: { image: "${testImages.busybox}" } }`;
  await using project = await openProject({ "compose.yaml": compose, ".env": "COMPOSE_COMPATIBILITY=true" });
  await project.succeed("create");
  expect((await project.succeed("ps", "-a", "--format", "{{.Name}}")).trim()).toBe(`${project.name}_web_1`);
  const off = { env: { COMPOSE_COMPATIBILITY: "0" } };
  expect((await project.runWith(off, "create", "--force-recreate")).stderr).toContain(`${project.name}-web-1`);
});
