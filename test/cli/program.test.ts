import { describe, expect, test } from "vitest";

import { command } from "../../src/cli/command.ts";
import { choice, flag, integer, list, text } from "../../src/cli/option.ts";
import { parseCommand, parseGlobals } from "../../src/cli/program.ts";
import type { UsageError } from "../../src/model/error.ts";

const spec = command({
  name: "go",
  summary: "Go somewhere",
  arguments: "PLACE [THING...]",
  options: {
    build: flag("--build", "Build first"),
    noBuild: flag("--no-build", "Never build"),
    orphans: flag("--orphans", "Orphans, too", { initial: true }),
    scale: list("--scale <n>", "How many"),
    timeout: integer("-t, --timeout <seconds>", "How long", { minimum: 0 }),
    pull: choice("--pull <when>", ["always", "never"], "When"),
    name: text("--name <name>", "What"),
    secret: flag("--secret", "Not in the help", { hidden: true }),
  },
  exclusive: [["build", "noBuild"]],
  examples: [["tscompose go home", "what one does in the evening"]],
  run: async () => {},
});

function parse(...argv: string[]): unknown {
  return parseCommand(spec, argv);
}

function complaint(...argv: string[]): string {
  try {
    parse(...argv);
  } catch (error) {
    const { message, hint } = error as UsageError;
    return `${message} | ${hint ?? ""}`;
  }
  return "";
}

describe("a command's arguments", () => {
  test("each option of the table has a value, given or not", () => {
    expect(parse("home")).toEqual({
      args: ["home"],
      values: {
        build: false,
        noBuild: false,
        orphans: true,
        scale: [],
        timeout: undefined,
        pull: undefined,
        name: undefined,
        secret: false,
        dryRun: false,
      },
    });
  });

  test("--no-build is an option of its own, lists add up, flags may stand anywhere", () => {
    const { values, args } = parse(
      "--scale",
      "a=1",
      "home",
      "--no-build",
      "--scale=b=2",
      "bag",
      "-t",
      "3",
      "--orphans=false",
    ) as {
      values: Record<string, unknown>;
      args: string[];
    };
    expect(values).toMatchObject({ build: false, noBuild: true, scale: ["a=1", "b=2"], timeout: 3, orphans: false });
    expect(args).toEqual(["home", "bag"]);
  });

  test.each([
    [["home", "--bild"], "unknown flag: --bild | did you mean --build?"],
    [["home", "--zzz"], "unknown flag: --zzz | see 'tscompose go --help'"],
    [["home", "--project-name", "x"], "unknown flag: --project-name | write --project-name before the verb"],
    [["home", "-t"], "flag needs an argument: --timeout | see 'tscompose go --help'"],
    [["home", "-t", "soon"], 'invalid value "soon" for --timeout: not a whole number | '],
    [["home", "-t", "-1"], 'invalid value "-1" for --timeout: less than 0 | '],
    [["home", "--pull", "often"], 'unsupported --pull value "often" | use one of: always, never'],
    [["home", "--build", "--no-build"], "--build and --no-build are incompatible | leave one of them out"],
    [[], "go needs PLACE [THING...] | usage: tscompose go [OPTIONS] PLACE [THING...]"],
  ])("%j", (argv, expected) => {
    expect(complaint(...argv)).toBe(expected);
  });

  test("the help page shows options and examples", () => {
    expect(parse("--help")).toMatchInlineSnapshot(`
      {
        "help": "Usage: tscompose go [OPTIONS] PLACE [THING...]

      Go somewhere

      Options:
        --build                  Build first
        --no-build               Never build
        --orphans                Orphans, too
        --scale <n>              How many
        -t, --timeout <seconds>  How long
        --pull <when>            When (always, never)
        --name <name>            What
        --dry-run                Show what would be done, and why, and do nothing
        -h, --help               Show this help

      Examples:
        tscompose go home  what one does in the evening
      ",
      }
    `);
  });

  test("arguments for another program are left alone", () => {
    const run = { ...spec, passThrough: true };
    expect(parseCommand(run, ["--name", "x", "web", "ls", "--build", "-t"])).toMatchObject({
      args: ["web", "ls", "--build", "-t"],
      values: { name: "x", build: false },
    });
  });
});

describe("what stands before the verb", () => {
  test("is told from what belongs to the verb", () => {
    const { globals, rest } = parseGlobals(["-f", "a.yml", "-fb.yml", "--profile=dev", "-p", "shop", "up", "-d", "-f"]);
    expect(globals).toMatchObject({ file: ["a.yml", "b.yml"], profile: ["dev"], projectName: "shop" });
    expect(rest).toEqual(["up", "-d", "-f"]);
  });

  test("may ask for help, or be nothing", () => {
    expect(parseGlobals(["--help"])).toMatchObject({ help: true, rest: [] });
    expect(parseGlobals([])).toMatchObject({ help: false, rest: [] });
  });

  test("is refused when it is wrong", () => {
    expect(() => parseGlobals(["--progress", "loud", "up"])).toThrow('unsupported --progress value "loud"');
    expect(() => parseGlobals(["--parallel", "x", "up"])).toThrow('invalid value "x" for --parallel');
    expect(() => parseGlobals(["--flie", "x", "up"])).toThrow("unknown flag: --flie");
  });
});
