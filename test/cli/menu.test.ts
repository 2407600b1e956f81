// The keys of an attached `up`, on a real terminal: what they do, and that the terminal is as it was afterwards.
import { beforeAll, describe, expect, test } from "vitest";

import { containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { hasTerminals, startOnTerminal, type TerminalRun } from "../harness/terminal.ts";

beforeAll(() => ensureImage(testImages.busybox));

const files = {
  "compose.yaml": `
services:
  web:
    image: ${testImages.busybox}
    command: [sh, -c, "trap 'exit 0' TERM; echo ready; sleep 1000 & wait"]
    develop: { watch: [{ action: sync, path: ./src, target: /app }] }
`,
};

function up(
  project: TestProject,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<TerminalRun> {
  return startOnTerminal(["-p", project.name, "up", ...args], { cwd: project.folder, env: { NO_COLOR: "1", ...env } });
}

async function states({ name }: TestProject): Promise<readonly string[]> {
  return (await containersOf(name)).map(({ State }) => State.Status);
}

describe.skipIf(!hasTerminals)("keys of an attached up", () => {
  test("w watches and stops watching, h helps, d detaches and the containers go on", async () => {
    await using project = await openProject(files);
    const terminal = await up(project);
    await terminal.waitFor(/Attaching to web-1\n[^]*Keys: w watches files or stops it, d detaches, Ctrl-C stops/);
    await terminal.waitFor(/web-1 +\| ready/);
    terminal.type("w");
    await terminal.waitFor(/⦿ Watch enabled/);
    await project.write({ "src/a": "1" });
    await terminal.waitFor(/⦿ Synced 1 change to service "web": \/app\/a/);
    terminal.type("w");
    await terminal.waitFor(/⦿ Watch disabled/);
    terminal.type("w");
    await terminal.waitFor(/⦿ Watch disabled[^]*⦿ Watch enabled/);
    terminal.type("xh");
    await terminal.waitFor(/Keys[^]*Keys/);
    terminal.type("d");
    const { code, restored, output } = await terminal.ended;
    expect({ code, restored }).toEqual({ code: 0, restored: true });
    expect(output).toContain("Detached: the containers go on\n");
    expect(await states(project)).toEqual(["running"]);
    expect(await project.succeed("exec", "web", "cat", "/app/a")).toBe("1");
  });

  test("Ctrl-C stops the containers, as without the keys", async () => {
    await using project = await openProject(files);
    const terminal = await up(project, { args: ["--watch"] });
    await terminal.waitFor(/⦿ Watch enabled/);
    await terminal.waitFor(/web-1 +\| ready/);
    terminal.type("\u0003");
    const { code, restored, output } = await terminal.ended;
    expect({ code, restored }).toEqual({ code: 130, restored: true });
    expect(output).toContain("Gracefully stopping... press Ctrl-C again to force\n");
    expect(await states(project)).toEqual(["exited"]);
  });

  test("Ctrl-C twice kills", async () => {
    await using project = await openProject({
      "compose.yaml": files["compose.yaml"]
        .replace("'exit 0'", "'echo no'")
        .replace("& wait", "& while :; do wait; done"),
    });
    const terminal = await up(project);
    await terminal.waitFor(/web-1 +\| ready/);
    terminal.type("\u0003");
    await terminal.waitFor(/Gracefully stopping/);
    terminal.type("\u0003");
    const { code, restored } = await terminal.ended;
    expect({ code, restored }).toEqual({ code: 130, restored: true });
    expect((await containersOf(project.name)).map(({ State }) => State.ExitCode)).toEqual([137]);
  });

  test("w where nothing is to be watched says so, and up goes on", async () => {
    await using project = await openProject({ "compose.yaml": files["compose.yaml"].replace(/^ +develop.*\n/m, "") });
    const terminal = await up(project);
    await terminal.waitFor(/ready/);
    terminal.type("w");
    await terminal.waitFor(/error: none of the selected services is configured for watch/);
    terminal.type("d");
    expect((await terminal.ended).restored).toBe(true);
    expect(await states(project)).toEqual(["running"]);
  });

  test.each([
    ["--menu=false", ["--menu=false"], {}],
    ["COMPOSE_MENU=0", [], { COMPOSE_MENU: "0" }],
  ])("%s: no keys", async (_, args, env) => {
    await using project = await openProject(files);
    const terminal = await up(project, { args, env });
    await terminal.waitFor(/ready/);
    terminal.type("d");
    terminal.type("\u0003");
    const { code, output } = await terminal.ended;
    expect(code).toBe(130);
    expect(output).not.toContain("Keys:");
    expect(await states(project)).toEqual(["exited"]);
  });

  test("without a terminal there are none, either", async () => {
    await using project = await openProject(files);
    const running = await project.start("up", "--menu");
    await running.waitFor(/ready/);
    expect(running.output()).not.toContain("Keys:");
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
  });
});
