import { describe, expect, test } from "vitest";

import { rewriteArguments } from "../../src/cli/arguments.ts";
import { flag, integer, list, text } from "../../src/cli/option.ts";

const table = {
  build: flag("--build", ""),
  detach: flag("-d, --detach", ""),
  file: list("-f, --file <file>", ""),
  timeout: integer("-t, --timeout <seconds>", ""),
  tail: text("-n, --tail <n>", ""),
};

describe("arguments as Go programs take them", () => {
  test.each([
    ["a flag with a value is taken out", "--build=false web", "web", { build: false }, 0],
    ["a short one, too", "-d=1 web", "web", { detach: true }, 0],
    ["the last one counts", "--build --build=false", "--build", { build: false }, 1],
    ["a short option loses its sign", "-t=5 web", "-t5 web", {}, 1],
    ["values are not positional", "-f web --timeout 3 db", "-f web --timeout 3 db", {}, 4],
    ["nor are those of a cluster", "-df x web", "-df x web", {}, 2],
    ["a value may stick to its letter", "-fx web", "-fx web", {}, 1],
    ["a value may look like a flag", "--tail -1 web", "--tail -1 web", {}, 2],
    ["without any", "-d", "-d", {}, 1],
    ["a dash is positional", "-d -", "-d -", {}, 1],
    ["what the verb knows is none of our business", "--nosuch=false web", "--nosuch=false web", {}, 1],
  ])("%s", (...[, line, tokens, booleans, first]) => {
    const rewritten = rewriteArguments(line.split(" "), table, false);
    expect(rewritten.tokens.join(" ")).toBe(tokens);
    expect(Object.fromEntries(rewritten.booleans)).toEqual(booleans);
    expect(rewritten.firstPositional).toBe(first);
  });

  test("behind the first positional argument nothing is touched when it belongs to another program", () => {
    const line = ["-d", "web", "make", "--build=false", "-t=5"];
    expect(rewriteArguments(line, table, true).tokens).toEqual(line);
  });

  test("behind -- nothing is touched at all", () => {
    const { tokens, firstPositional } = rewriteArguments(["-d", "--", "--build=false"], table, false);
    expect(tokens).toEqual(["-d", "--", "--build=false"]);
    expect(firstPositional).toBe(2);
  });

  test("a flag that is neither true nor false is refused", () => {
    expect(() => rewriteArguments(["--build=maybe"], table, false)).toThrow('invalid value "maybe"');
  });
});
