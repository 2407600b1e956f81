import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import packageJson from "../../package.json" with { type: "json" };
import { groups } from "../../src/cli/verbs.ts";
import { tscomposeVersion } from "../../src/model/version.ts";
import { runCli } from "../harness/cli.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tst-cli-"));
  await writeFile(path.join(folder, "compose.yaml"), "name: tst-basics\nservices:\n  web:\n    image: x\n");
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { cwd: folder });
  return [`exit ${code}`, stdout.trimEnd(), stderr.trimEnd()].filter((part) => part !== "").join("\n");
}

describe("the program", () => {
  test("says its version", async () => {
    expect(tscomposeVersion).toBe(packageJson.version);
    expect(await run("version", "--short")).toBe(`exit 0\n${packageJson.version}`);
    expect(await run("version", "-f", "json")).toBe(`exit 0\n{"version":"${packageJson.version}"}`);
    expect(await run("--version")).toBe(await run("version"));
  });

  test("helps, with every verb on the first page", async () => {
    const page = await run("--help");
    expect(await run()).toBe(page);
    for (const { verbs } of groups)
      for (const name of Object.keys(verbs)) expect(page).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(await run("help", "up")).toBe(await run("up", "--help"));
    expect(await run("--help", "up")).toBe(await run("up", "--help"));
  });

  test("every verb has a help page of its own, with an example, and its summary is the one of the list", async () => {
    for (const { verbs } of groups) {
      for (const [name, verb] of Object.entries(verbs)) {
        const spec = await verb.load();
        expect(spec.name).toBe(name);
        expect(spec.summary).toBe(verb.summary);
        expect(spec.examples.length, name).toBeGreaterThan(0);
        for (const [line] of spec.examples) expect(line).toMatch(new RegExp(`\\btscompose ${name}( |$)`));
      }
    }
  });

  test.each([
    [["upp"], "exit 1\nerror: unknown command: upp\n  hint: did you mean up?"],
    [["nosuchthing"], "exit 1\nerror: unknown command: nosuchthing\n  hint: see 'tscompose --help' for what there is"],
    [["up", "--detatch"], "exit 1\nerror: unknown flag: --detatch\n  hint: did you mean --detach?"],
    [["--bogus", "up"], "exit 1\nerror: unknown flag: --bogus\n  hint: see 'tscompose --help'"],
    [
      ["up", "--build", "--no-build"],
      "exit 1\nerror: --build and --no-build are incompatible\n  hint: leave one of them out",
    ],
    [
      ["up", "-d", "--attach", "web"],
      "exit 1\nerror: --detach and --attach are incompatible\n  hint: --attach needs somebody who stays",
    ],
    [
      ["up", "--scale", "web"],
      'exit 1\nerror: invalid --scale option "web"\n  hint: write SERVICE=NUMBER, for example web=3',
    ],
    [["port", "web"], "exit 1\nerror: port needs SERVICE PORT\n  hint: usage: tscompose port [OPTIONS] SERVICE PORT"],
    [["ps", "--filter", "foo"], "exit 1\nerror: arguments to --filter should be in form KEY=VAL"],
    [["ps", "--filter", "foo=bar"], "exit 1\nerror: unknown filter foo\n  hint: the only filter is status"],
    [["logs", "--tail", "x"], 'exit 1\nerror: invalid value "x" for --tail\n  hint: write a number of lines, or all'],
    [
      ["logs", "--since", "x"],
      'exit 1\nerror: "x" is no point in time\n  hint: write 2026-01-31T12:00:00Z, or how long ago: 10m, 1h30m',
    ],
  ])("%j", async (argv, expected) => {
    expect(await run(...argv)).toBe(expected);
  });

  test("an error is data when progress is", async () => {
    expect(await run("--progress", "json", "upp")).toBe('exit 1\n{"error":true,"message":"unknown command: upp"}');
  });

  test("without an engine it says where it looked", async () => {
    const { code, stderr } = await runCli(["ls"], { cwd: folder, env: { DOCKER_HOST: "unix:///nosuch.sock" } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*\/nosuch\.sock/);
    expect(stderr).not.toContain("    at ");
  });

  test("no file is no bug", async () => {
    const { code, stderr } = await runCli(["up", "-d"], { cwd: "/" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: /);
  });
});
