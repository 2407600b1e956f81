// What containers write, as `logs` and an attached `up` show it.
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { beforeAll, describe, expect, test } from "vitest";

import { projectRoot } from "../harness/cli.ts";
import { call, containersOf, logsOf, runInside } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

const service = (script: string, more = ""): string => `
    image: ${testImages.busybox}
    command: ["sh", "-c", ${JSON.stringify(script)}]
    stop_grace_period: 0s${more}
`;

const turn = (number: number): string => `until [ -e /turns/${number} ]; do sleep 0.05; done;`;
const turned = "\n    volumes: [ 'turns:/turns' ]";

/** Runs once; `one` and `two` write in turns. */
const turns = {
  "compose.yaml": `
services:
  one:${service(`echo one-1; ${turn(2)} echo one-2; ${turn(4)} echo one-3 >&2; ${turn(5)} printf unfinished`, turned)}
  two:${service(`${turn(1)} echo two-1; ${turn(3)} echo two-2; exit 4`, turned)}
  silent:${service("echo not asked for", "\n    attach: false")}
volumes: { turns: {} }
`,
};

async function finished(files: Readonly<Record<string, string>>, lines: readonly string[] = []): Promise<TestProject> {
  const project = await openProject(files);
  await project.succeed("up", "-d");
  for (const [index, line] of lines.entries()) {
    await written(project, line);
    await runInside(project.container("one-1"), "touch", `/turns/${index + 1}`);
  }
  await until(async () => (await project.succeed("ps", "-q")) === "");
  return project;
}

/** After each of them the next turn begins: when the engine has it, as that stamps what it reads. */
const inTurns = ["one-1", "two-1", "one-2", "two-2", "one-3"];

/** Resolves when the engine has that line of the project: a container that runs may have yet to write. */
async function written({ name }: TestProject, line: string): Promise<void> {
  await until(async () => {
    const logs = await Promise.all((await containersOf(name)).map(({ Id }) => logsOf(Id)));
    return logs.some((text) => text.split("\n").includes(line));
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 40_000; !(await isSo()); await sleep(20))
    if (Date.now() > end) throw new Error("that does not come");
}

describe("logs of what has ended", () => {
  test("in the order of time, stderr apart, a last line without its end; not of who said `attach: false`", async () => {
    await using project = await finished(turns, inTurns);
    const ran = await project.runWith({}, "-f", "compose.yaml", "logs");
    expect(ran.stdout).toBe("one-1  | one-1\ntwo-1  | two-1\none-1  | one-2\ntwo-1  | two-2\none-1  | unfinished\n");
    expect(ran.stderr).toBe("one-1  | one-3\n");
    expect(await project.succeed("logs", "silent", "--no-log-prefix")).toBe("not asked for\n");
    expect(await project.succeed("logs", "two", "--tail", "1")).toBe("two-1  | two-2\n");
    expect(await project.succeed("logs", "--grep", "^two-[12]$", "--no-log-prefix")).toBe("two-1\ntwo-2\n");
    expect(await project.succeed("logs", "one", "--tail", "0")).toBe("");
    const [stamp, text] = (await project.succeed("logs", "-t", "two", "--no-log-prefix", "-n1")).split(" ");
    expect(text).toBe("two-2\n");
    expect(Math.abs(Date.parse(stamp ?? "") - Date.now())).toBeLessThan(60_000);
    expect(await project.succeed("logs", "--since", stamp ?? "", "two", "--no-log-prefix")).toBe("two-2\n");
    expect(await project.succeed("logs", "--until", "1h")).toBe("");
    const json = await project.succeed("logs", "--format", "json", "one");
    const lines = json
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ stream, text, service }) => [service, stream, text])).toEqual([
      ["one", "stdout", "one-1"],
      ["one", "stdout", "one-2"],
      ["one", "stderr", "one-3"],
      ["one", "stdout", "unfinished"],
    ]);
  });

  test("a typo, and a number that is not there, are errors", async () => {
    await using project = await finished(turns, inTurns);
    expect((await project.run("logs", "onne")).stderr).toBe(
      'error: no such service: onne\n  hint: did you mean "one"?\n',
    );
    expect((await project.run("logs", "--index", "1")).stderr).toMatch(/^error: --index needs exactly one service/);
    expect((await project.run("logs", "--index", "7", "one")).stderr).toMatch(
      /^error: service "one" has no container #7/,
    );
    expect(await project.succeed("logs", "--index", "1", "two", "--tail", "1")).toBe("two-1  | two-2\n");
  });

  test("long lines are whole, many lines are all there, whoever reads slowly", async () => {
    const script =
      "head -c 100000 /dev/zero | tr '\\0' x; echo; yes 'a line of some length, like any other' | head -n 50000";
    await using project = await finished({ "compose.yaml": `services:\n  big:${service(script)}` });
    const lines = (await project.succeed("logs", "--no-log-prefix")).split("\n");
    expect(lines).toHaveLength(50_002);
    expect(lines[0] === "x".repeat(100_000)).toBe(true);
    const shell = `node dist/cli.js -p ${project.name} logs | (sleep 0.5; wc -l); node dist/cli.js -p ${project.name} logs | head -n 1 | wc -c`;
    const { stdout, stderr } = await promisify(execFile)("sh", ["-c", shell], { cwd: projectRoot });
    expect(stdout.trim().split(/\s+/)).toEqual(["50001", "100010"]);
    expect(stderr).toBe("");
  });
});

describe("logs that are followed", () => {
  const talker = {
    "compose.yaml": `
services:
  web:${service("echo hello from $$HOSTNAME; exec sleep 1000")}
  late:${service("echo here I am; exec sleep 1000")}
`,
  };

  test("who starts later, restarts or is scaled joins; the end is told", async () => {
    await using project = await openProject(talker);
    await project.succeed("up", "-d", "web");
    await using logs = closing(await project.start("logs", "-f"));
    await logs.waitFor(/web-1 {2}\| hello/);
    await project.succeed("up", "-d", "--scale", "web=2", "--no-recreate");
    await logs.waitFor(/web-2 {2,}\| hello/);
    await logs.waitFor(/late-1 +\| here I am/);
    await project.succeed("restart", "late");
    await logs.waitFor(/late-1 exited with code 137 \(restarting\)\n[^]*late-1 +\| here I am/);
    await project.succeed("stop");
    const { code, stdout } = await logs.ended;
    expect(code).toBe(0);
    expect(stdout.match(/late-1 +\| here I am/g)).toHaveLength(2);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .slice(-3)
        .map((line) => line.replace(/^(.*)-\d /, "$1 "))
        .toSorted(),
    ).toEqual(["late exited with code 137", "web exited with code 137", "web exited with code 137"]);
    expect(stdout).not.toContain("\u001B");
  });

  test.each([
    ["", []],
    [" by its number", ["--index", "1"]],
  ])("one service%s: stays while containers are replaced, also where nothing else runs", async (_, flags) => {
    await using project = await openProject(talker);
    await project.succeed("up", "-d", "web");
    await using logs = closing(await project.start("logs", "-f", ...flags, "web"));
    for (let round = 1; round <= 3; round += 1) {
      await logs.waitFor(new RegExp(`(web-1 +\\| hello[^]*){${round}}`));
      if (round < 3) await project.succeed("up", "-d", "--force-recreate", "web");
    }
    await project.succeed("stop");
    expect((await logs.ended).code).toBe(0);
  });

  test("what joins is there from its first line on, whatever --tail says", async () => {
    const compose = `services:
  web:${service("echo first; echo second; exec sleep 1000")}
  clock:${service("while sleep 0.1; do echo tick; done")}
`;
    await using project = await openProject({ "compose.yaml": compose });
    await project.succeed("up", "-d");
    await written(project, "second");
    await using logs = closing(await project.start("logs", "-f", "--tail", "0"));
    await logs.waitFor(/tick/);
    await project.succeed("restart", "web");
    await logs.waitFor(/second/);
    await project.succeed("stop");
    const { stdout } = await logs.ended;
    expect(stdout.match(/web-1 +\| (first|second)\n/g)).toHaveLength(2);
  });

  test("Ctrl-C ends it with 130", async () => {
    await using project = await openProject(talker);
    await project.succeed("up", "-d");
    for (const name of ["web-1", "late-1"]) await until(async () => (await logsOf(project.container(name))) !== "");
    await using logs = closing(await project.start("logs", "-f", "--tail", "0"));
    await sleep(500);
    logs.kill("SIGINT");
    const { code, stdout, stderr } = await logs.ended;
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: "", stderr: "" });
  });
});

describe("an attached up", () => {
  const pair = {
    "compose.yaml": `
services:
  web:${service("echo serving; exec sleep 1000")}
  job:${service("echo working >&2; sleep 0.5; exit 5")}
`,
  };

  /** The job ends when the server serves. */
  const inTurn = {
    "compose.yaml": `
services:
  web:${service("echo serving; touch /turns/1; exec sleep 1000", turned)}
  job:${service(`echo working >&2; ${turn(1)} exit 5`, turned)}
volumes: { turns: {} }
`,
  };

  test("ends with its containers, and says how they ended", async () => {
    await using project = await openProject(pair);
    const ran = await project.run("up", "job");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toBe("Attaching to job-1\njob-1 exited with code 5\n");
    expect(ran.stderr).toContain("job-1  | working\n");
  });

  test.each([
    [["--exit-code-from", "job"], 5],
    [["--abort-on-container-exit"], 5],
    [["--abort-on-container-failure"], 5],
  ])("%j", async (flags, expected) => {
    await using project = await openProject(inTurn);
    const { code, stdout } = await project.run("up", ...flags);
    expect(code).toBe(expected);
    expect(stdout).toContain("web-1  | serving\n");
    expect(stdout).toContain("job-1 exited with code 5\n");
    expect(stdout).toContain("web-1 exited with code 137\n");
    expect(await project.succeed("ps", "-q")).toBe("");
  });

  test("Ctrl-C stops what it brought up", async () => {
    await using project = await openProject(pair);
    const up = await project.start("up", "--no-color", "web");
    await up.waitFor(/serving/);
    up.kill("SIGINT");
    const { code, stdout, stderr } = await up.ended;
    expect(code).toBe(130);
    expect(stdout).toBe("Attaching to web-1\nweb-1  | serving\nweb-1 exited with code 137\n");
    expect(stderr).toContain("Gracefully stopping... press Ctrl-C again to force\n");
    expect(await project.succeed("ps", "-q")).toBe("");
  });

  test("Ctrl-C twice kills", async () => {
    const stubborn = service("trap '' TERM; echo ready; while :; do sleep 1; done").replace(
      "period: 0s",
      "period: 60s",
    );
    await using project = await openProject({ "compose.yaml": `services:\n  web:${stubborn}` });
    const up = await project.start("up");
    await up.waitFor(/ready/);
    up.kill("SIGINT");
    await up.waitFor(/Stopping/);
    up.kill("SIGINT");
    const { code } = await up.ended;
    expect(code).toBe(130);
    const state = await call("GET", `/containers/${project.container("web-1")}/json`);
    expect(JSON.parse(state.text)).toMatchObject({ State: { Running: false, ExitCode: 137 } });
  });
});

function closing<R extends { kill(signal: NodeJS.Signals): void; readonly ended: Promise<unknown> }>(
  running: R,
): R & AsyncDisposable {
  return Object.assign(running, {
    async [Symbol.asyncDispose]() {
      running.kill("SIGKILL");
      await running.ended;
    },
  });
}
