// What would happen, without it happening.
import { readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import { containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

const compose = (greeting: string): string => `
services:
  web:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
    environment: { GREETING: "${greeting}", API_TOKEN: "secret-${greeting}" }
    volumes: [ "data:/data" ]
volumes: { data: {} }
`;

describe("plan", () => {
  test("says what is missing, what changed and what is lost, and does nothing", async () => {
    await using project = await openProject({ "compose.yaml": compose("hello") });
    const say = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await project.run(...args);
      return `exit ${code}\n${stdout}${stderr}`.replaceAll(project.name, "PROJECT").replaceAll(/ +$/gm, "");
    };
    expect(await say("plan", "--detailed-exitcode")).toMatchInlineSnapshot(`
      "exit 2
      3 to create

      + create  network PROJECT_default  missing
      + create  volume PROJECT_data      missing
      + create  container PROJECT-web-1  missing
      "
    `);
    expect(await containersOf(project.name)).toEqual([]);
    await project.succeed("up", "-d");
    expect(await say("plan", "--detailed-exitcode")).toMatchInlineSnapshot(`
      "exit 0
      nothing to do, 1 up to date

      up to date: container PROJECT-web-1
      "
    `);
    await project.write({ "compose.yaml": compose("good evening") });
    expect(await say("plan")).toMatchInlineSnapshot(`
      "exit 0
      1 to replace

      ± replace  container PROJECT-web-1  environment.API_TOKEN and environment.GREETING changed
          environment.API_TOKEN: another value, not shown
          environment.GREETING: hello → good evening
      "
    `);
    expect(await say("--dry-run", "up", "-d")).toBe(await say("plan"));
    expect(await say("down", "-v", "--dry-run")).toMatchInlineSnapshot(`
      "exit 0
      3 to remove

      - remove  container PROJECT-web-1  down
      - remove  network PROJECT_default  down
      - remove  volume PROJECT_data      --volumes  its data is lost

      data that will be lost: PROJECT_data
      "
    `);
    const { changes } = JSON.parse(await project.succeed("plan", "--format", "json")) as { changes: unknown[] };
    expect(changes).toMatchObject([{ resource: `container ${project.container("web-1")}`, action: "replace" }]);
    expect(await project.succeed("ps", "--services")).toBe("web\n");
  });

  test("a wrong file is an error, not a plan", async () => {
    await using project = await openProject({ "compose.yaml": "services:\n  web:\n    imge: x\n" });
    const { code, stdout, stderr } = await project.run("-f", "compose.yaml", "plan", "--detailed-exitcode");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("compose.yaml:3:5");
  });
});

describe("a run", () => {
  test("can be drawn: --timeline writes a picture or a trace", async () => {
    await using project = await openProject({ "compose.yaml": compose("hello") });
    await project.succeed("--timeline", "where.svg", "up", "-d");
    const picture = await readFile(path.join(project.folder, "where.svg"), "utf8");
    expect(picture).toMatch(/^<svg [^]*container .*web-1/);
    await project.succeed("--timeline", "where.json", "down");
    const trace = JSON.parse(await readFile(path.join(project.folder, "where.json"), "utf8")) as {
      traceEvents: { name: string }[];
    };
    expect(trace.traceEvents.map(({ name }) => name)).toContain("container.remove");
  });

  test("says its progress as data when asked", async () => {
    await using project = await openProject({ "compose.yaml": compose("hello") });
    const { code, stderr } = await project.run("--progress", "json", "up", "-d");
    expect(code).toBe(0);
    const events = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const done = events
      .filter(({ kind }) => kind === "step.done")
      .map(({ id, status }) => `${String(id)} ${String(status)}`);
    // Network and volume are made at the same time.
    expect(done.slice(0, 2).toSorted()).toEqual([
      `Network ${project.name}_default Created`,
      `Volume ${project.name}_data Created`,
    ]);
    const web = `Container ${project.container("web-1")}`;
    expect(done.slice(2)).toEqual([`${web} Created`, `${web} Started`]);
    expect((await project.run("--progress", "quiet", "up", "-d", "--force-recreate")).stderr).toBe("");
  });
});
