import { describe, expect, test } from "vitest";

import { parseGlobals } from "../../src/cli/program.ts";
import { describeTerminal } from "../../src/cli/terminal.ts";

const terminal = { stdin: true, stdout: true, stderr: true, width: 80 };
const pipe = { stdin: false, stdout: false, stderr: false, width: 0 };

function looks(line: string, environment: NodeJS.ProcessEnv, streams: typeof terminal): string {
  const { globals } = parseGlobals(line.split(" ").filter((word) => word !== ""));
  const { progress, colour, errorColour, interactive } = describeTerminal(globals, environment, streams);
  const traits = { colour, errorColour, interactive };
  return [progress, ...Object.entries(traits).flatMap(([name, on]) => (on ? [name] : []))].join(" ");
}

describe("what is shown, and how", () => {
  test.each([
    ["", {}, terminal, "tty colour errorColour interactive"],
    ["", {}, pipe, "plain"],
    ["", {}, { ...terminal, stdout: false }, "tty errorColour interactive"],
    ["", { NO_COLOR: "1" }, terminal, "tty interactive"],
    ["", { TERM: "dumb" }, terminal, "plain interactive"],
    ["", {}, { ...terminal, width: 0 }, "plain colour errorColour interactive"],
    ["--ansi never", {}, terminal, "plain interactive"],
    ["--ansi always", {}, pipe, "plain colour errorColour"],
    ["--ansi foo", {}, pipe, "plain"],
    ["--no-ansi", {}, terminal, "plain interactive"],
    ["", { COMPOSE_ANSI: "never" }, terminal, "plain interactive"],
    ["--progress json", {}, terminal, "json colour errorColour interactive"],
    ["--progress none", {}, pipe, "quiet"],
    ["--progress auto", {}, pipe, "plain"],
    ["--progress tty", {}, pipe, "tty"],
    ["", { COMPOSE_PROGRESS: "quiet" }, terminal, "quiet colour errorColour interactive"],
    ["--progress plain", { COMPOSE_PROGRESS: "json" }, pipe, "plain"],
  ])("%s %j", (line, environment, streams, expected) => {
    expect(looks(line, environment, streams)).toBe(expected);
  });
});
