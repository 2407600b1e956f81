// Completion as a person has it: real shells on a terminal, with the script sourced and the Tab key pressed.
import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { projectRoot, runCli } from "../harness/cli.ts";
import { uniqueName } from "../harness/project.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "completion-"));
  await mkdir(path.join(folder, "bin"));
  await mkdir(path.join(folder, "conf dir"));
  const wrapper = `#!/bin/sh
if [ "$1" = __complete ]; then exec ${process.execPath} ${projectRoot}/dist/cli.js "$@"; fi
printf GOT; printf ' <%s>' "$@"; echo
`;
  await writeFile(path.join(folder, "bin/tscompose"), wrapper);
  await chmod(path.join(folder, "bin/tscompose"), 0o755);
  await writeFile(path.join(folder, "local.txt"), "");
  const service = "{ image: x }";
  await writeFile(
    path.join(folder, "compose.yaml"),
    `services: { web: ${service}, worker: ${service}, database: ${service}, odd: { image: x, profiles: [debugging] } }`,
  );
  await writeFile(path.join(folder, "other.yaml"), `services: { elsewhere: ${service} }`);
  for (const shell of ["bash", "zsh", "fish"]) {
    const { stdout } = await runCli(["completion", shell]);
    await writeFile(path.join(folder, `script.${shell}`), stdout);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const shells = {
  bash: {
    command: "bash --norc --noprofile -i",
    source: "PS1='> '; bind 'set enable-bracketed-paste off'; source script.bash",
  },
  zsh: {
    command: "zsh -f -i",
    source: "PS1='> '; unsetopt prompt_sp; autoload -U compinit; compinit -u -D; source script.zsh",
  },
  fish: { command: "fish --no-config -i", source: "source script.fish" },
} as const;

const there = await Promise.all(
  Object.keys(shells).map((shell) =>
    promisify(execFile)(shell, ["--version"]).then(
      () => true,
      () => false,
    ),
  ),
);
const installed = Object.keys(shells).filter((_, index) => there[index]);

/** Types into a shell on a terminal; resolves with what the command that came of it was called with. */
async function type(shell: string, keys: string): Promise<string> {
  const { command, source } = shells[shell as keyof typeof shells];
  const env = { ...process.env, PATH: `${folder}/bin:${process.env["PATH"]}`, HOME: folder, TERM: "xterm" };
  const child = spawn("script", ["-qefc", command, "/dev/null"], { cwd: folder, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const end = Date.now() + 40_000; ; await sleep(20)) {
      const found = pattern.exec(output);
      if (found !== null) return found;
      if (Date.now() > end) throw new Error(`${pattern} did not appear in:\n${output}`);
    }
  };
  // Split, so that what is typed is not taken for what is printed.
  child.stdin.write(`${source}; echo READY''!\n`);
  await until(/READY!/);
  child.stdin.write(`${keys}\n`);
  const [, found = ""] = await until(/GOT( <[^\r\n]*>)[\r\n]/);
  child.stdin.end("exit\n");
  return found.trim();
}

describe.each(installed)("%s", (shell) => {
  test.each([
    ["a verb", "tscompose resta\t", "<restart>"],
    ["a flag", "tscompose up --det\t", "<up> <--detach>"],
    ["a flag before the verb", "tscompose --project-d\t", "<--project-directory>"],
    ["a value of a flag", "tscompose up --pull alw\t", "<up> <--pull> <always>"],
    ["a value behind =", "tscompose up --pull=alw\t", "<up> <--pull=always>"],
    ["a service", "tscompose restart -t 5 wo\t", "<restart> <-t> <5> <worker>"],
    ["the one that is left", "tscompose up -d worker w\t", "<up> <-d> <worker> <web>"],
    ["a service of exec, not its command", "tscompose exec -u root dat\t", "<exec> <-u> <root> <database>"],
    ["a service of another file", "tscompose -f other.yaml logs els\t", "<-f> <other.yaml> <logs> <elsewhere>"],
    ["a service of an inactive profile", "tscompose run od\t", "<run> <odd>"],
    ["a profile", "tscompose --profile deb\t", "<--profile> <debugging>"],
    ["a number to come", "tscompose up --scale wo\t3", "<up> <--scale> <worker=3>"],
    ["a path in a container to come", "tscompose cp dat\t/x .", "<cp> <database:/x> <.>"],
    ["a file", "tscompose -f oth\t ps", "<-f> <other.yaml> <ps>"],
    ["a folder", "tscompose --project-directory conf\t", "<--project-directory> <conf dir/>"],
    ["a local file to copy", "tscompose cp loc\t web:/", "<cp> <local.txt> <web:/>"],
    ["nothing for a typo", "tscompose nosuch we\t", "<nosuch> <we>"],
  ])("%s", async (_, keys, expected) => {
    expect((await type(shell, keys)).replace("conf dir>", "conf dir/>")).toBe(expected);
  });
});

describe("what shells ask", () => {
  const ask = async (...words: string[]): Promise<readonly string[]> => {
    const { stdout } = await runCli(["__complete", "fish", "--", ...words], { cwd: folder });
    return stdout.trimEnd().split("\n");
  };

  test("verbs and flags with what they do", async () => {
    expect(await ask("res")).toEqual(["restart\tRestart containers", ":"]);
    expect(await ask("port", "--")).toEqual([
      "--index\tWhich container, where a service has several",
      "--protocol\tProtocol of the port (tcp, udp, sctp)",
      "--dry-run\tShow what would be done, and why, and do nothing",
      "--help\tShow this help",
      ":",
    ]);
  });

  test("what is behind the command of exec is not ours", async () => {
    expect(await ask("exec", "web", "ls", "-")).toEqual([":"]);
    expect(await ask("exec", "web", "")).toEqual([":"]);
  });

  test("a broken file gives no services, and no noise", async () => {
    const broken = await mkdtemp(path.join(os.tmpdir(), "broken-"));
    onTestFinished(() => rm(broken, { recursive: true, force: true }));
    await writeFile(path.join(broken, "compose.yaml"), "services: [");
    const ran = await runCli(["__complete", "fish", "--", "up", ""], { cwd: broken });
    expect(ran).toEqual({ code: 0, stdout: ":\n", stderr: "" });
  });

  test("no program is run, and nothing is fetched", async () => {
    const strange = await mkdtemp(path.join(os.tmpdir(), "strange-"));
    onTestFinished(() => rm(strange, { recursive: true, force: true }));
    const program =
      'import { writeFileSync } from "node:fs"; writeFileSync("ran", ""); export default { services: { web: { image: "x" } } };';
    await writeFile(path.join(strange, "compose.mjs"), program);
    const remote = "include: ['https://example.invalid/a.git'] \nservices: { web: { image: x } }";
    await writeFile(path.join(strange, "remote.yaml"), remote);
    const nothing = { code: 0, stdout: ":\n", stderr: "" };
    expect(await runCli(["__complete", "fish", "--", "-f", "compose.mjs", "up", ""], { cwd: strange })).toEqual(
      nothing,
    );
    expect(await runCli(["__complete", "fish", "--", "up", ""], { cwd: strange })).toEqual(nothing);
    expect(await runCli(["__complete", "fish", "--", "-f", "remote.yaml", "up", ""], { cwd: strange })).toEqual(
      nothing,
    );
    expect((await readdir(strange)).toSorted()).toEqual(["compose.mjs", "remote.yaml"]);
    // Asked for in earnest, it is run.
    expect((await runCli(["-f", "compose.mjs", "config", "--services"], { cwd: strange })).stdout).toBe("web\n");
    expect(await readdir(strange)).toContain("ran");
  });

  test("nothing that is unknown", async () => {
    expect(await ask("-p", uniqueName(), "logs", "--tail", "")).toEqual([":"]);
    expect((await runCli(["completion", "tcsh"])).stderr).toBe(
      'error: no completion for "tcsh"\n  hint: there is: bash, zsh, fish\n',
    );
  });
});
