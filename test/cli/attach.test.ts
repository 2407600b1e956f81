// attach without a terminal: both streams as they are, what is piped in, signals, the container's own exit code.
import { expect, test } from "vitest";

import { type RunningCli, startCli } from "../harness/cli.ts";
import { inspectContainer } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { type EngineProxy, openEngineProxy } from "../harness/proxy.ts";

const files = {
  "compose.yaml": `
services:
  echo:
    image: ${testImages.busybox}
    stdin_open: true
    stop_grace_period: 0s
    command: [ sh, -c, 'while read -r line; do case $$line in end) exit 7;; *) echo "heard $$line"; echo aside >&2;; esac; done' ]
  told:
    image: ${testImages.busybox}
    stop_grace_period: 0s
    scale: 2
    command: [ sh, -c, "trap 'echo told; exit 3' INT; trap 'exit 4' TERM; while :; do sleep 0.05; done" ]
  deaf:
    image: ${testImages.busybox}
    stop_grace_period: 0s
    command: [ sleep, "1000" ]
`,
};

async function opened(): Promise<TestProject> {
  await ensureImage(testImages.busybox);
  const project = await openProject(files);
  await project.succeed("up", "-d");
  return project;
}

interface Attached extends RunningCli, Pick<EngineProxy, "answered"> {}

/** Resolves when we are attached. */
async function attached(project: TestProject, ...args: readonly string[]): Promise<Attached> {
  const proxy = await openEngineProxy();
  const cli = await startCli(["-p", project.name, "attach", ...args], {
    cwd: project.folder,
    env: { DOCKER_HOST: proxy.host },
  });
  await proxy.answered(/\/attach\?/);
  const ended = cli.ended.then(async (ran) => {
    await proxy[Symbol.asyncDispose]();
    return ran;
  });
  return { ...cli, ended, answered: (request, times) => proxy.answered(request, times) };
}

test("what is piped in arrives, what is said comes back, and the container's code is ours", async () => {
  await using project = await opened();
  const session = await attached(project, "echo");
  session.write("one\ntwo\n");
  await session.waitFor(/heard two/);
  session.write("end\n");
  expect(await session.ended).toEqual({ code: 7, stdout: "heard one\nheard two\n", stderr: "aside\naside\n" });
});

test("--no-stdin: what is piped in is nobody's", async () => {
  await using project = await opened();
  const session = await attached(project, "--no-stdin", "echo");
  session.write("one\n");
  const other = await attached(project, "echo");
  other.write("two\n");
  await session.waitFor(/heard two/);
  other.write("end\n");
  expect((await session.ended).stdout).toBe("heard two\n");
  expect((await other.ended).code).toBe(7);
});

test("a signal is the container's, of the one that was meant", async () => {
  await using project = await opened();
  const session = await attached(project, "--index", "2", "told");
  session.kill("SIGINT");
  expect(await session.ended).toEqual({ code: 3, stdout: "told\n", stderr: "" });
  expect((await inspectContainer(project.container("told-1")))?.State.Running).toBe(true);
});

test("the third Ctrl-C leaves a container that does not listen", async () => {
  await using project = await opened();
  const session = await attached(project, "deaf");
  for (const times of [1, 2]) {
    session.kill("SIGINT");
    await session.answered(/\/kill\?/, times); // two at once count as one
  }
  session.kill("SIGINT");
  expect((await session.ended).code).toBe(130);
  expect((await inspectContainer(project.container("deaf-1")))?.State.Running).toBe(true);
});

test("what cannot be", async () => {
  await using project = await opened();
  await project.succeed("pause", "deaf");
  await project.succeed("stop", "told");
  const said = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await project.run("attach", ...args);
    return `${code} ${stderr.replaceAll(project.name, "P")}`;
  };
  expect(await said("deaf")).toBe(
    "1 error: container P-deaf-1 is paused\n  hint: let it go on first: tscompose unpause deaf\n",
  );
  expect(await said("told")).toBe(
    '1 error: service "told" is not running\n  hint: start it with: tscompose up -d told\n',
  );
  expect(await said("tolt")).toMatch(/^1 error: no such service: tolt\n {2}hint: did you mean "told/);
  expect(await said("--detach-keys", "nonsense", "echo")).toMatch(/^1 error: invalid detach keys "nonsense"/);
});
