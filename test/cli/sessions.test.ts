// exec, run and attach on a real terminal: the process inside has one, too, of our window's size; keys go to it; and
// whatever happens, the terminal is afterwards what it was before.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { call, containersOf, inspectContainer } from "../harness/engine-api.ts";
import { testImages } from "../harness/images.ts";
import { shareProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";
import { hasTerminals, startOnTerminal, type TerminalRun } from "../harness/terminal.ts";

/** Says how large its window is, each time that changes, and answers lines. */
const shell = `
  trap 'echo "now $(stty size)"' WINCH
  trap 'echo interrupted; exit 9' INT
  echo "ready $(stty size)"
  while :; do read -r line && case $line in bye) exit 4;; *) echo "heard $line";; esac; done`;

const files = {
  "compose.yaml": `
services:
  web:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
  shell:
    image: ${testImages.busybox}
    tty: true
    stdin_open: true
    stop_grace_period: 0s
    command: [sh, -c, ${JSON.stringify(shell.replaceAll("$", "$$$$"))}]
  job:
    image: ${testImages.busybox}
    profiles: [jobs]
    stop_grace_period: 1s
    depends_on: { web: { condition: service_started } }
`,
};

let project: TestProject;
shareProject(files, (opened) => (project = opened));

function onTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<TerminalRun> {
  return startOnTerminal(["-p", project.name, ...args], { cwd: project.folder, env });
}

/** The same for each verb that runs a command. */
const verbs = [
  { verb: "exec", rest: ["web"] },
  { verb: "run", rest: ["--rm", "job"] },
] as const;

describe.skipIf(!hasTerminals).each(verbs)("$verb on a terminal", ({ verb, rest }) => {
  const inside = (script: string, ...flags: string[]): Promise<TerminalRun> => {
    return onTerminal([verb, ...flags, ...rest, "sh", "-c", script]);
  };

  test("the command has a terminal of the same size, from its first moment; its code is ours", async () => {
    const run = await inside("tty; stty size; exit 3");
    const { code, output, restored } = await run.ended;
    expect(output).toMatch(/(^|\n)\/dev\/pts\/\d+\n31 97\n$/);
    expect({ code, restored }).toEqual({ code: 3, restored: true });
  });

  test("a window that changes its size does so inside, too", async () => {
    const run = await inside(shell);
    await run.waitFor(/ready 31 97/);
    await run.resize(40, 120);
    await run.waitFor(/now 40 120/);
    run.type("bye\r");
    const { code, restored } = await run.ended;
    expect({ code, restored }).toEqual({ code: 4, restored: true });
  });

  test("keys go to the command as they are pressed, Ctrl-C among them", async () => {
    const run = await inside(shell);
    await run.waitFor(/ready/);
    run.type("one\r");
    await run.waitFor(/heard one/);
    run.type("\u0003");
    const { code, output, restored } = await run.ended;
    expect(output).toContain("interrupted\n");
    expect({ code, restored }).toEqual({ code: 9, restored: true });
  });

  test("a line feed is a line feed: programs that draw the screen mean it", async () => {
    const run = await inside("stty -opost; printf 'a\\nb'");
    const { raw } = await run.ended;
    expect(raw).toContain("a\nb");
  });

  test("who was stopped and goes on finds the terminal as it was left", async () => {
    const run = await inside(shell);
    await run.waitFor(/ready/);
    process.kill(run.pid(), "SIGSTOP");
    await run.sane(); // the shell has it meanwhile
    process.kill(run.pid(), "SIGCONT");
    await expect.poll(() => run.isRaw(), { timeout: 20_000 }).toBe(true);
    run.type("\u0003");
    expect(await run.ended).toMatchObject({ code: 9 });
  });

  test("a program that is left while it draws the screen: ours is the shell's again", async () => {
    const run = await inside(
      "printf '\\033[?1049h\\033[?25l\\033[?1006h'; printf '\\033[?1006l'; echo ready; read -r line",
    );
    await run.waitFor(/ready\n/);
    run.type("\u0010\u0011");
    const { raw, restored } = await run.ended;
    expect(raw).toMatch(/\u001B\[\?1006lready\r\n\u001B\[\?1049l\u001B\[\?25h\u001B\[0m$/);
    expect(restored).toBe(true);
  });

  test("the detach keys let it run on, and are not passed on", async () => {
    const run = await inside(shell);
    await run.waitFor(/ready/);
    run.type("\u0010\u0011");
    const { code, restored } = await run.ended;
    expect({ code, restored }).toEqual({ code: 0, restored: true });
    expect(await stillRuns()).toBe(true);
  });

  test("other detach keys, and the usual ones mean nothing then", async () => {
    const run = await inside(
      "stty raw -echo; echo ready; dd bs=1 count=2 2>/dev/null | od -An -tx1",
      "--detach-keys",
      "ctrl-x,q",
    );
    await run.waitFor(/ready/);
    run.type("\u0010\u0011");
    const { code, output } = await run.ended;
    expect(output).toContain("10 11");
    expect(code).toBe(0);
    const other = await inside(shell, "--detach-keys", "ctrl-x,q");
    await other.waitFor(/ready/);
    other.type("\u0018q");
    expect(await other.ended).toMatchObject({ code: 0, restored: true });
  });

  test("the detach keys of the docker CLI's configuration", async () => {
    await project.write({ "docker/config.json": JSON.stringify({ detachKeys: "ctrl-y" }) });
    const env = { DOCKER_CONFIG: path.join(project.folder, "docker") };
    const run = await onTerminal([verb, ...rest, "sh", "-c", shell], env);
    await run.waitFor(/ready/);
    run.type("\u0019");
    expect(await run.ended).toMatchObject({ code: 0, restored: true });
  });

  test.each(["SIGTERM", "SIGHUP", "SIGQUIT"] as const)("%s: the terminal is put back", async (signal) => {
    const run = await inside("trap 'exit 5' TERM HUP QUIT; echo ready; while :; do sleep 0.1; done");
    await run.waitFor(/ready/);
    process.kill(run.pid(), signal);
    const { code, restored } = await run.ended;
    expect(restored).toBe(true);
    // A command of exec cannot be told of a signal; one of run is.
    expect(code).toBe(verb === "run" ? 5 : signal === "SIGQUIT" ? 131 : 130);
  });

  test("the engine is gone: the terminal is put back, and that is an error", async () => {
    await using proxy = await openEngineProxy();
    const run = await onTerminal([verb, ...rest, "sh", "-c", shell], { DOCKER_HOST: proxy.host });
    await run.waitFor(/ready/);
    await proxy.cut();
    const { code, output, restored } = await run.ended;
    expect({ code, restored }).toEqual({ code: 1, restored: true });
    expect(output).toMatch(/error:.* the(re is no)? engine/);
  });

  async function stillRuns(): Promise<boolean> {
    if (verb === "run") {
      const containers = await containersOf(project.name);
      return containers.some(({ Name, State }) => Name.includes("-run-") && State.Running);
    }
    const { stdout } = await project.run("exec", "-T", "web", "ps");
    return stdout.includes("ready $(stty size)");
  }
});

test.skipIf(!hasTerminals)("Ctrl-C while a command is about to begin: it gets it once it is there", async () => {
  const trap = "trap 'echo told; exit 7' INT; echo ready; while :; do sleep 0.1; done";
  // The first process of a namespace would not hear what it has no trap for yet, and go on for ever.
  await project.write({ "host.yaml": "services: { job: { pid: host } }" });
  const host = ["-f", "compose.yaml", "-f", "host.yaml"];
  for (let round = 0; round < 3; round += 1) {
    await using proxy = await openEngineProxy();
    const run = await onTerminal([...host, "run", "--rm", "job", "sh", "-c", trap], { DOCKER_HOST: proxy.host });
    await proxy.answered(/\/attach/);
    run.type("\u0003");
    const { code, output, restored } = await run.ended;
    // Its shell may not have come to its trap yet.
    expect([7, 130]).toContain(code);
    expect(output).not.toContain("error");
    expect(restored).toBe(true);
  }
});

describe.skipIf(!hasTerminals)("attach on a terminal", () => {
  test("what is typed arrives; the window's size, too; the detach keys let it run on", async () => {
    const run = await onTerminal(["attach", "shell"]);
    await run.waitFor(/now 31 97/);
    run.type("hello\r");
    await run.waitFor(/heard hello/);
    await run.resize(25, 80);
    await run.waitFor(/now 25 80/);
    run.type("\u0010\u0011");
    expect(await run.ended).toMatchObject({ code: 0, restored: true });
    expect((await inspectContainer(project.container("shell-1")))?.State.Running).toBe(true);
  });

  test("SIGTERM of ours is the container's", async () => {
    await project.succeed("restart", "shell");
    const run = await onTerminal(["attach", "shell"]);
    await run.waitFor(/now 31 97/);
    process.kill(run.pid(), "SIGINT");
    expect(await run.ended).toMatchObject({ code: 9, restored: true });
  });

  test("--sig-proxy=false: we leave, and it runs on", async () => {
    await project.succeed("up", "-d", "shell");
    const run = await onTerminal(["attach", "--sig-proxy=false", "shell"]);
    await run.waitFor(/now 31 97/);
    process.kill(run.pid(), "SIGTERM");
    expect(await run.ended).toMatchObject({ code: 130, restored: true });
    expect((await inspectContainer(project.container("shell-1")))?.State.Running).toBe(true);
  });

  test("--no-stdin: looks on, and Ctrl-C is a signal like any other", async () => {
    const run = await onTerminal(["attach", "--no-stdin", "shell"]);
    await run.waitFor(/now 31 97/);
    run.type("unheard\r");
    await sleep(300);
    expect(run.output()).not.toContain("heard unheard");
    run.type("\u0003");
    expect(await run.ended).toMatchObject({ code: 9, restored: true });
  });

  test("its exit code is ours", async () => {
    await project.succeed("up", "-d", "shell");
    const run = await onTerminal(["attach", "shell"]);
    await run.waitFor(/now 31 97/);
    run.type("bye\r");
    expect(await run.ended).toMatchObject({ code: 4, restored: true });
  });
});

test.skipIf(!hasTerminals)("run --rm, and the window is closed: the container goes, even if it is deaf", async () => {
  const deaf = "trap '' HUP TERM; echo ready; while :; do sleep 0.1; done";
  const talkative = "trap '' HUP TERM; echo ready; while :; do echo more; sleep 0.1; done";
  for (const script of [deaf, talkative]) {
    const name = `${project.name}-closed`;
    const run = await onTerminal(["run", "--rm", "--name", name, "job", "sh", "-c", script]);
    await run.waitFor(/ready/);
    await run.hangUp();
    expect(await inspectContainer(name)).toBeUndefined();
  }
});

test.skipIf(!hasTerminals)("exec and attach, and the window is closed: we go, what runs there stays", async () => {
  await project.succeed("up", "-d", "shell");
  const inside = await onTerminal(["exec", "web", "sh", "-c", shell]);
  await inside.waitFor(/ready/);
  await inside.hangUp();
  const looking = await onTerminal(["attach", "--sig-proxy=false", "shell"]);
  await looking.waitFor(/now 31 97/);
  await looking.hangUp();
  expect((await inspectContainer(project.container("shell-1")))?.State.Running).toBe(true);
});

test.skipIf(!hasTerminals)("run -T on a terminal: no terminal inside", async () => {
  const run = await onTerminal(["run", "--rm", "-T", "job", "tty"]);
  const { code, output } = await run.ended;
  expect(output).toContain("not a tty");
  expect(code).toBe(1);
});

test.skipIf(!hasTerminals)("run: before the command begins Ctrl-C is for us, and nothing is left", async () => {
  await call("POST", `/containers/${project.container("web-1")}/stop?t=0`);
  await project.write({
    "slow.yaml":
      "services: { web: { healthcheck: { test: 'false', interval: 1s, retries: 100 } }, job: { depends_on: { web: { condition: service_healthy } } } }",
  });
  const run = await onTerminal(["-f", "compose.yaml", "-f", "slow.yaml", "run", "--rm", "job", "true"]);
  await run.waitFor(/Waiting|health/);
  run.type("\u0003");
  expect(await run.ended).toMatchObject({ code: 130, restored: true });
  const containers = await containersOf(project.name);
  expect(containers.filter(({ Name, State }) => Name.includes("-run-") && State.Status === "created")).toEqual([]);
});
