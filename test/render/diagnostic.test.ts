import { describe, expect, test } from "vitest";

import type { Diagnostic, Source } from "../../src/model/diagnostic.ts";
import { diagnosticsToJson, formatDiagnostics } from "../../src/render/diagnostic.ts";
import { cpuTime } from "../harness/cpu-time.ts";

const cwd = "/work";

function show(source: Source, marked: string, more: Partial<Diagnostic> = {}, colour = false): string {
  const start = source.text.indexOf(marked);
  const at = { source, start, end: start + marked.length };
  return formatDiagnostics([{ code: "odd", severity: "error", message: "this is odd", at, ...more }], { colour, cwd });
}

function file(text: string, path = "/work/compose.yaml"): Source {
  return { path, text };
}

describe("the place", () => {
  test("is shown with the line before it", () => {
    expect(show(file("one: 1\ntwo: 2\nthree: 3\n"), "2")).toBe(
      ["error: this is odd", "  compose.yaml:2:6", "    1 │ one: 1", "    2 │ two: 2", "      │      ^", ""].join("\n"),
    );
  });

  test.each([
    ["/work/sub/a.yaml", "sub/a.yaml"],
    ["/elsewhere/a.yaml", "/elsewhere/a.yaml"],
    ["/a.yaml", "/a.yaml"],
    ["-", "<stdin>"],
    ["https://example.com/x.git", "https://example.com/x.git"],
  ])("of %s is %s", (path, name) => {
    expect(show(file("a: b", path), "b")).toContain(`  ${name}:1:4\n`);
  });

  test("of several lines is underlined on the first", () => {
    expect(show(file("a:\n  b: 1\n  c: 2\n"), "b: 1\n  c: 2")).toContain("    2 │   b: 1\n      │   ^^^^\n");
  });

  test("at the end of the file", () => {
    const source = file("a: [");
    const at = { source, start: 4, end: 4 };
    const text = formatDiagnostics([{ code: "odd", severity: "error", message: "not closed", at }], {
      colour: false,
      cwd,
    });
    expect(text).toContain("    1 │ a: [\n      │     ^\n");
  });
});

describe("the line", () => {
  test.each([
    ["a tab", "a:\tb: c", "c", "a:    b: c\n      │          ^"],
    ["wide characters", "名前: 値 x", "x", "名前: 値 x\n      │          ^"],
    ["an emoji", "a: 😀 x", "x", "a: 😀 x\n      │       ^"],
    ["what is marked being wide", "a: 名前", "名前", "a: 名前\n      │    ^^^^"],
    ["an escape code", "a: \u001B[31mred", "red", "a: ␛[31mred\n      │         ^^^"],
    ["text that runs backwards", "a: \u202Ex", "x", "a: ·x\n      │     ^"],
    ["a carriage return", "a: b\r\nc: d", "b", "a: b\n      │    ^"],
    ["a combining accent", "a: e\u0301x y", "y", "a: e\u0301x y\n      │       ^"],
  ])("has %s", (_, text, marked, expected) => {
    expect(show(file(text), marked)).toContain(`    1 │ ${expected}\n`);
  });

  test("is cut around the place when it is very long", () => {
    const text = show(file(`a: ${"x".repeat(5000)}HERE${"y".repeat(5000)}`), "HERE");
    const [, , line = "", mark = ""] = text.split("\n");
    expect(line.length).toBeLessThan(120);
    expect(line).toMatch(/│ …x+HEREy+…$/);
    expect(line.indexOf("HERE")).toBe(mark.indexOf("^^^^"));
  });

  test("is found in no time in a large file with many mistakes", () => {
    const source = file("- a: b\n".repeat(20_000));
    const many = Array.from({ length: 2000 }, (_, index): Diagnostic => {
      const start = index * 70 + 5;
      return { code: "odd", severity: "error", message: "odd", at: { source, start, end: start + 1 } };
    });
    const started = cpuTime();
    expect(formatDiagnostics(many, { colour: false, cwd })).toContain("compose.yaml:19991:6");
    expect(cpuTime() - started).toBeLessThan(1500);
  });
});

test("notes have their places, and a hint comes last", () => {
  const source = file("a: 1\nb: 2\na: 3\n");
  const notes = [{ message: "first defined here", at: { source, start: 0, end: 1 } }, { message: "without a place" }];
  expect(show(source, "a: 3", { notes, hint: "remove one" })).toMatchInlineSnapshot(`
    "error: this is odd
      compose.yaml:3:1
        2 │ b: 2
        3 │ a: 3
          │ ^^^^
      note: first defined here
      compose.yaml:1:1
        1 │ a: 1
          │ ^
      note: without a place
      hint: remove one
    "
  `);
});

test("without a place the path says where", () => {
  const found: Diagnostic = { code: "odd", severity: "warning", message: "odd", path: "services.web" };
  expect(formatDiagnostics([found], { colour: false, cwd })).toBe("warning: odd\n  services.web\n");
});

test("several are counted", () => {
  const of = (severity: "error" | "warning"): Diagnostic => ({ code: "odd", severity, message: "odd" });
  const text = formatDiagnostics([of("error"), of("error"), of("warning")], { colour: false, cwd });
  expect(text).toBe("error: odd\n\nerror: odd\n\nwarning: odd\n\n2 errors, 1 warning\n");
  expect(formatDiagnostics([of("warning"), of("warning")], { colour: false, cwd })).toBe(
    "warning: odd\n\nwarning: odd\n",
  );
});

test("colours mark the severity and the place, and nothing else changes", () => {
  const plain = show(file("a: b"), "b", { hint: "h" });
  const coloured = show(file("a: b"), "b", { hint: "h" }, true);
  expect(coloured).toContain("\u001B[31m^\u001B[39m");
  expect(coloured.replaceAll(/\u001B\[\d+m/g, "")).toBe(plain);
});

test("as data", () => {
  const source = file("a: 1\nb: 2\n");
  const at = { source, start: 8, end: 9 };
  const found: Diagnostic = {
    code: "odd",
    severity: "error",
    message: "odd",
    at,
    path: "b",
    hint: "h",
    notes: [{ message: "n", at }],
  };
  const place = { file: "/work/compose.yaml", line: 2, column: 4, endLine: 2, endColumn: 5 };
  expect(diagnosticsToJson([found])).toEqual([
    {
      severity: "error",
      code: "odd",
      message: "odd",
      path: "b",
      ...place,
      hint: "h",
      notes: [{ message: "n", ...place }],
    },
  ]);
});
