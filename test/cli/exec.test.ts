// Commands in running containers: exact bytes both ways, exact exit codes. What a terminal adds is in
// sessions.test.ts.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";

import { describe, expect, test } from "vitest";

import { projectRoot, startCli } from "../harness/cli.ts";
import { call } from "../harness/engine-api.ts";
import { testImages } from "../harness/images.ts";
import { shareProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";

const files = {
  "compose.yaml": `
services:
  web:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
    scale: 2
`,
};

let project: TestProject;
shareProject(files, (opened) => (project = opened));

describe("exec", () => {
  test.each([
    [["sh", "-c", "exit 7"], 7],
    [["true"], 0],
    [["nosuch"], 127],
    [["/etc"], 126],
    [["sh", "-c", "kill -9 $$"], 137],
  ])("%j ends with %d", async (command, expected) => {
    expect((await project.run("exec", "web", ...command)).code).toBe(expected);
  });

  test("the streams stay apart", async () => {
    const { stdout, stderr } = await project.run("exec", "web", "sh", "-c", "echo out; echo err >&2");
    expect({ stdout, stderr }).toEqual({ stdout: "out\n", stderr: "err\n" });
  });

  test("what is piped in arrives, byte by byte, and its end, too", async () => {
    const data = randomBytes(3_000_000);
    const child = spawn(process.execPath, ["dist/cli.js", "-p", project.name, "exec", "-T", "web", "cat"], {
      cwd: projectRoot,
    });
    child.stdin.end(data);
    const hash = createHash("sha256");
    const complaints: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => hash.update(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    const code = await new Promise((settle) => child.on("close", settle));
    expect(code).toBe(0);
    expect(Buffer.concat(complaints).toString()).toBe("");
    expect(hash.digest("hex")).toBe(createHash("sha256").update(data).digest("hex"));
  });

  test("the command may answer after its input has ended", async () => {
    const { stdout } = await project.runWith(
      { stdin: "1\n2\n3\n" },
      "exec",
      "-T",
      "web",
      "sh",
      "-c",
      "n=$(wc -l); sleep 0.3; echo $n",
    );
    expect(stdout).toBe("3\n");
  });

  test("variables, folder, user, index", async () => {
    const show = ["sh", "-c", "echo $ONE,$TWO; pwd; id -un; hostname"];
    const set = ["-e", "ONE=1", "-e", "TWO", "-w", "/tmp", "-u", "nobody", "--index", "2"];
    const { stdout } = await project.runWith({ env: { TWO: "two" } }, "exec", ...set, "web", ...show);
    const { text } = await call("GET", `/containers/${project.container("web-2")}/json`);
    const id = (JSON.parse(text) as { readonly Id: string }).Id;
    expect(stdout).toBe(`1,two\n/tmp\nnobody\n${id.slice(0, 12)}\n`);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s: we leave", async (signal) => {
    const running = await project.start("exec", "-T", "web", "sh", "-c", "echo ready; sleep 1000");
    await running.waitFor(/ready/);
    running.kill(signal);
    expect(await running.ended).toEqual({ code: 130, stdout: "ready\n", stderr: "" });
  });

  test("the connection is lost: that is no success", async () => {
    await using proxy = await openEngineProxy();
    const options = { cwd: project.folder, env: { DOCKER_HOST: proxy.host } };
    const args = ["-p", project.name, "exec", "-T", "web", "sh", "-c", "echo ready; sleep 1000"];
    const running = await startCli(args, options);
    await running.waitFor(/ready/);
    await proxy.cut();
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*engine/);
  });

  test("flags behind the service belong to the command", async () => {
    expect(await project.succeed("exec", "web", "echo", "-e", "--index", "-T")).toBe("--index -T\n");
  });

  test("detached, it goes on without us", async () => {
    expect(await project.succeed("exec", "-d", "web", "sh", "-c", "echo here > /tmp/detached")).toBe("");
    for (let tries = 0; (await project.run("exec", "web", "cat", "/tmp/detached")).stdout !== "here\n"; tries += 1) {
      expect(tries).toBeLessThan(50);
    }
  });

  test("what cannot be is named", async () => {
    expect((await project.run("exec", "wbe", "ls")).stderr).toMatch(
      /^error: no such service: wbe\n {2}hint: did you mean "web/,
    );
    expect((await project.run("exec", "--index", "9", "web", "ls")).stderr).toBe(
      'error: service "web" has no container #9\n',
    );
    expect((await project.run("exec", "web")).stderr).toMatch(/^error: exec needs SERVICE COMMAND/);
  });
});
