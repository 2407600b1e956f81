// stats, top, export and commit on a real engine.
import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { removeProject } from "../harness/clean.ts";
import { projectRoot } from "../harness/cli.ts";
import { type Answer, call, get } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { type Answers, openMiddleman } from "../harness/middleman.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { hasTerminals, startOnTerminal } from "../harness/terminal.ts";

const files = {
  "compose.yaml": `
services:
  web:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
    scale: 2
  busy:
    image: ${testImages.busybox}
    command: [sh, -c, "while :; do :; done"]
    stop_grace_period: 0s
    cpus: 0.2
    mem_limit: 64m
  off:
    image: ${testImages.busybox}
    command: ["true"]
`,
};

let project: TestProject;

beforeAll(async () => {
  await ensureImage(testImages.busybox);
  project = await openProject(files);
  await project.succeed("up", "-d");
});

afterAll(async () => {
  await removeProject(project.name);
  await project[Symbol.asyncDispose]();
});

/** Whoever asks what a container uses hears what the first was told: two looks never see the same. */
function firstUse(): Answers {
  const first = new Map<string, Promise<Answer>>();
  return ({ url = "" }, response) => {
    // docker compose's requests carry short ids.
    const [, id] = /\/containers\/([0-9a-f]{12})[0-9a-f]*\/stats\?/.exec(url) ?? [];
    if (id === undefined) return false;
    const answer = first.get(id) ?? call("GET", url);
    first.set(id, answer);
    void answer.then(({ status, bytes }) => {
      response.writeHead(status, { "content-type": "application/json", ostype: "linux", server: "Docker (linux)" });
      response.end(bytes);
    });
    return true;
  };
}

const json = (text: string): readonly Record<string, string>[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);

describe("stats", () => {
  test("a table, by name", async () => {
    const lines = (await project.succeed("stats", "--no-stream")).split("\n");
    expect(lines[0]).toMatch(/^CONTAINER ID {3}NAME +CPU % +MEM USAGE \/ LIMIT +MEM % +NET I\/O +BLOCK I\/O +PIDS$/);
    expect(lines.slice(1, -1).map((line) => line.split(/ {2,}/)[1])).toEqual(
      ["busy-1", "web-1", "web-2"].map((name) => project.container(name)),
    );
  });

  test.skipIf(!hasPeer)("the same fields and numbers as docker compose's", async () => {
    await using still = await openMiddleman(firstUse());
    const env = { DOCKER_HOST: still.host };
    const args = ["stats", "-a", "--no-stream", "--format", "json"];
    const [own, other] = await Promise.all([project.runWith({ env }, ...args), peer({ ...project, env }, ...args)]);
    // Its rows come in any order.
    expect(own.stdout.split("\n").toSorted()).toEqual(other.stdout.split("\n").toSorted());
    const busy = json(own.stdout).find(({ Name }) => Name === project.container("busy-1"));
    expect(parseFloat(busy?.["CPUPerc"] ?? "")).toBeGreaterThan(1);
  });

  test("a service, a template, whole ids", async () => {
    const format = "{{.Name}}\\t{{.MemUsage}}";
    expect(await project.succeed("stats", "--no-stream", "--format", format, "busy")).toMatch(
      new RegExp(`^${project.container("busy-1")}\t[\\d.]+[KM]iB / 64MiB\n$`),
    );
    const ids = await project.succeed("stats", "--no-stream", "--no-trunc", "--format", "{{.ID}}");
    expect(ids).toMatch(/^([0-9a-f]{64}\n){3}$/);
  });

  test("those that do not run take nothing", async () => {
    const text = await project.succeed("stats", "-a", "--no-stream", "--format", "{{.CPUPerc}} {{.MemUsage}}", "off");
    expect(text).toBe("0.00% 0B / 0B\n");
    expect(await project.succeed("stats", "--no-stream", "--format", "json", "off")).toBe("");
  });

  test("in a pipe: data without end, one head, no escape codes; who is started later is there, too", async () => {
    const running = await project.start("stats");
    onTestFinished(() => running.kill("SIGKILL"));
    await running.waitFor(/busy-1.*\n[^]*busy-1.*\n/);
    await project.succeed("up", "-d", "--scale", "web=3", "--no-recreate");
    await running.waitFor(/web-3 /);
    await project.succeed("up", "-d", "--scale", "web=2", "--no-recreate");
    running.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout.match(/CONTAINER ID/g)).toHaveLength(1);
    expect(stdout).not.toContain("\u001b");
    const busy = stdout.split("\n").filter((line) => line.includes("busy-1"));
    expect(Math.max(...busy.map((line) => parseFloat(line.split(/ {2,}/)[2] ?? "")))).toBeGreaterThan(5);
  });

  test("what is paused has its memory all the same", async () => {
    await project.succeed("pause", "web");
    const running = await project.start("stats", "--format", "{{.Name}} {{.MemUsage}}", "web");
    onTestFinished(() => running.kill("SIGKILL"));
    await running.waitFor(/web-1 [1-9][\d.]*[KM]iB \/ /);
    running.kill("SIGINT");
    await project.succeed("unpause", "web");
  });

  test("a typo is an error", async () => {
    expect((await project.run("stats", "bsuy")).stderr).toMatch(
      /^error: no such service: bsuy\n {2}hint: did you mean "busy/,
    );
  });
});

describe.skipIf(!hasTerminals)("on a terminal", () => {
  test.each([["stats"], ["top", "-w"]])(
    "%s %s is one table that is drawn anew; the cursor comes back",
    async (...args) => {
      const run = await startOnTerminal(["-p", project.name, ...args], { cwd: project.folder });
      await run.waitFor(/\u001b\[\d+A/);
      await run.waitFor(args[0] === "stats" ? new RegExp(project.container("busy-1")) : /busy/);
      process.kill(run.pid(), "SIGINT");
      const { code, raw } = await run.ended;
      expect(code).toBe(130);
      expect(raw.startsWith("\u001b[?25l")).toBe(true);
      expect(raw.lastIndexOf("\u001b[?25h")).toBeGreaterThan(raw.lastIndexOf("\u001b[?25l"));
    },
  );

  test("no archive is written to a terminal", async () => {
    for (const args of ["export web", "cp web:/bin -"]) {
      const command = `${process.execPath} ${path.join(projectRoot, "dist/cli.js")} -p ${project.name} ${args}`;
      const ran = promisify(execFile)("script", ["-qec", command, "/dev/null"], { cwd: project.folder });
      await expect(ran).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining("not written to a terminal"),
      });
    }
  });
});

describe("export", () => {
  test("to a file, which is there when it is whole, and to standard output", async () => {
    await project.succeed("export", "-o", "web.tar", "--index", "2", "web");
    const names = await promisify(execFile)("sh", ["-c", "tar tf web.tar | sort"], { cwd: project.folder });
    expect(names.stdout).toContain("bin/busybox\n");
    expect((await stat(path.join(project.folder, "web.tar"))).mode & 0o777).toBe(0o600);
    const script = `"$0" dist/cli.js -p ${project.name} export --index 2 web | tar t | sort`;
    const piped = await promisify(execFile)("sh", ["-c", script, process.execPath], { cwd: projectRoot });
    expect(piped.stdout).toBe(names.stdout);
  });

  test("what cannot be", async () => {
    expect((await project.run("export", "-o", "no/x.tar", "web")).stderr).toBe(
      `error: there is no folder ${path.join(project.folder, "no")} to write into\n`,
    );
    expect((await project.run("export", "--index", "9", "web")).stderr).toBe(
      'error: service "web" has no container #9\n',
    );
    expect((await project.run("export", "wbe")).stderr).toMatch(/^error: no such service: wbe/);
    expect((await project.run("export", "--dry-run", "-o", "dry.tar", "web")).code).toBe(0);
    expect((await readdir(project.folder)).filter((name) => /dry|part/.test(name))).toEqual([]);
  });
});

describe("commit", () => {
  test("an image with author, message and changes", async () => {
    const reference = `${project.name}:committed`;
    onTestFinished(async () => void (await call("DELETE", `/images/${reference}?force=1`)));
    const flags = ["-a", "me", "-m", "tried", "-c", 'CMD ["ls"]', "-c", "ENV ONE=1 TWO=2", "--pause=false"];
    await project.succeed("exec", "web", "touch", "/made");
    const { stderr } = await project.run("commit", ...flags, "web", reference);
    const image = await get<{
      readonly Id: string;
      readonly Author: string;
      readonly Comment: string;
      readonly Config: { readonly Cmd: readonly string[]; readonly Env: readonly string[] };
    }>(`/images/${reference}/json`);
    const name = project.container("web-1");
    expect(stderr).toBe(` ${name} Commit ${name} Committed as ${image.Id}\n`);
    expect([image.Author, image.Comment, image.Config.Cmd]).toEqual(["me", "tried", ["ls"]]);
    expect(image.Config.Env).toEqual(expect.arrayContaining(["ONE=1", "TWO=2"]));
  });

  test("what cannot be", async () => {
    expect((await project.run("commit", "web", "BAD:NAME")).stderr).toMatch(/^error: invalid reference format/);
    expect((await project.run("commit", "wbe")).stderr).toMatch(/^error: no such service: wbe/);
    const dry = await project.run("--dry-run", "commit", "web", `${project.name}:dry`);
    expect(dry.stderr).toMatch(/^DRY-RUN MODE - {2}\S+ Commit \S+ Committing\n$/);
    expect((await call("GET", `/images/${project.name}:dry/json`)).status).toBe(404);
  });
});
