// What is true of every verb: it explains itself, it takes what docker compose's takes, and it knows a typo when it sees one.
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { CommandSpec } from "../../src/cli/command.ts";
import { commonOptions, globalOptions } from "../../src/cli/globals.ts";
import { longName, type OptionTable, shortName } from "../../src/cli/option.ts";
import { type Parsed, parseCommand, parseGlobals } from "../../src/cli/program.ts";
import { findVerb, groups } from "../../src/cli/verbs.ts";
import { removeProject } from "../harness/clean.ts";
import { runCli } from "../harness/cli.ts";
import { containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { peerFlags, peerGlobals } from "./peer-flags.ts";

const names = groups.flatMap(({ verbs }) => Object.keys(verbs));
const specs: ReadonlyMap<string, CommandSpec> = new Map(
  await Promise.all(names.map(async (name) => [name, await findVerb(name)] as const)),
);

const files = {
  "compose.yaml": `
services:
  web:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
    develop: { watch: [{ action: restart, path: . }] }
  database:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
`,
};

let project: TestProject;
let before: string;
const state = async (): Promise<string> =>
  JSON.stringify((await containersOf(project.name)).map(({ Id, State }) => [Id, State]));

beforeAll(async () => {
  await ensureImage(testImages.busybox);
  project = await openProject(files);
  await project.succeed("up", "-d");
  before = await state();
});

afterAll(async () => {
  await removeProject(project.name);
  await project[Symbol.asyncDispose]();
});

describe.each([...specs])("%s", (name, spec) => {
  test("has a help page with what it does, its arguments and examples", () => {
    const parsed = parseCommand(spec, ["--help"]);
    const help = "help" in parsed ? parsed.help : "";
    expect(spec.name).toBe(name);
    expect(help).toMatch(new RegExp(`^Usage: tscompose ${name} \\[OPTIONS\\]`));
    expect(help).toContain(spec.summary);
    expect(help).toMatch(/\nExamples:\n {2}\S/);
    for (const { summary } of Object.values(spec.options)) expect(summary).toMatch(/^\S.*\S$/);
  });

  test("has examples that can be typed", () => {
    expect(spec.examples.length).toBeGreaterThan(0);
    for (const [line] of spec.examples) {
      const words = ownWords(line);
      const { rest } = parseGlobals(words);
      expect(rest[0], line).toBe(name);
      expect(parseCommand(spec, rest.slice(1)), line).toHaveProperty("values");
    }
  });
});

describe("docker compose's flags", () => {
  test.each(Object.entries(peerFlags))("%s has them all", (name, { shown, hidden = "" }) => {
    const spec = specs.get(name);
    const table = { ...spec?.options, ...commonOptions };
    expect(missing(shown, table, false)).toEqual([]);
    expect(missing(hidden, table, true)).toEqual([]);
  });

  test("those before the verb", () => {
    expect(missing(peerGlobals, globalOptions, false)).toEqual([]);
  });

  test("a name that it took by mistake", () => {
    const { values } = parse("up", "--y");
    expect(values).toMatchObject({ yes: true });
    expect(parse("create", "--y=false").values).toMatchObject({ yes: false });
  });

  test("the comparison sees what is not there, what takes no value, and what cannot be seen", () => {
    expect(missing("nosuch f|file profile= no-ansi c|context=", globalOptions, false)).toEqual([
      "nosuch",
      "f|file",
      "no-ansi",
      "c|context=",
    ]);
  });
});

function parse(name: string, ...args: string[]): Parsed {
  const spec = specs.get(name);
  const parsed = spec === undefined ? { help: "" } : parseCommand(spec, args);
  if ("help" in parsed) throw new Error(`no ${name}`);
  return parsed;
}

/** Which of these flags a table has not, or not so. */
function missing(flags: string, table: OptionTable, mayHide: boolean): readonly string[] {
  const own = new Set(
    Object.values(table)
      .filter(({ hidden }) => mayHide || hidden !== true)
      .map(({ flags: text, kind }) => {
        const short = shortName(text);
        return `${short === undefined ? "" : `${short.slice(1)}|`}${longName(text).slice(2)}${kind === "flag" ? "" : "="}`;
      }),
  );
  return flags.split(" ").filter((flag) => flag !== "" && !own.has(flag));
}

/** The arguments that tscompose gets of a shell's line: without quotes, and without what is passed on to or from others. */
function ownWords(line: string): readonly string[] {
  const own = /tscompose (.*)$/.exec(line)?.[1] ?? "";
  const words = own.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  const end = words.findIndex((word) => /^[|<>&]|^[)"]+$/.test(word));
  return words.slice(0, end < 0 ? undefined : end).map((word) => word.replaceAll(/['"]|\)"?$/g, ""));
}

/** For each verb that takes services: a call with a name that is none. */
const typos: ReadonlyMap<string, readonly string[]> = new Map(
  [...specs].flatMap(([name, spec]): [string, readonly string[]][] => {
    if (!spec.arguments.includes("SERVICE")) return [];
    const given: Readonly<Record<string, readonly string[]>> = {
      scale: ["databse=2"],
      cp: ["databse:/etc", "-"],
      exec: ["databse", "true"],
      run: ["databse", "true"],
      port: ["databse", "80"],
      rm: ["-f", "databse"],
      watch: ["--no-up", "databse"],
    };
    return [[name, given[name] ?? ["databse"]]];
  }),
);

describe("a typo in a service's name", () => {
  const complaint = /^error: no such service: databse\n {2}hint: did you mean "database"\?\n$/;

  test.each([...typos])("%s: an error and what was meant, and nothing is done", async (name, args) => {
    const ran = await runCli(["-p", project.name, "-f", "compose.yaml", name, ...args], {
      cwd: project.folder,
      stdin: "",
    });
    expect(ran.stderr).toMatch(complaint);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: "" });
    expect(await state()).toBe(before);
  });

  /** Verbs that can do without a file. */
  const fileless = [...typos].filter(
    ([name]) => !/^(up|plan|create|run|build|pull|push|config|scale|watch)$/.test(name),
  );

  test.each(fileless)("%s: the same where only the containers tell which services there are", async (name, args) => {
    const ran = await runCli(["-p", project.name, name, ...args], { cwd: "/", stdin: "" });
    expect(ran.stderr).toMatch(complaint);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: "" });
    expect(await state()).toBe(before);
  });
});
