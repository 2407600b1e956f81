import { describe, expect, test } from "vitest";

import { ignoreRules } from "../../../src/engine/build/dockerignore.ts";

describe("ignore rules", () => {
  test.each([
    // rules, path, ignored
    ["node_modules", "node_modules", true],
    ["node_modules", "node_modules/a/b.js", true],
    ["node_modules", "packages/a/node_modules", false],
    ["**/node_modules", "packages/a/node_modules/x", true],
    ["**/node_modules", "node_modules", true],
    ["/dist", "dist/x", true],
    ["dist/", "dist", true],
    ["./a/../b", "b", true],
    ["../b", "b", false],
    ["a/../../b", "b", false],
    ["/../b", "b", true],
    ["*\n!../b", "b", true],
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["**/*.md", "docs/README.md", true],
    ["*/temp*", "a/temp1", true],
    ["*/temp*", "a/b/temp1", false],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["[a-c].txt", "b.txt", true],
    ["[^a-c].txt", "b.txt", false],
    ["[!].txt", "!.txt", true],
    [String.raw`\*.txt`, "*.txt", true],
    [String.raw`\*.txt`, "a.txt", false],
    ["# comment\n\n  *.log  ", "x.log", true],
    [" #not-a-comment", "#not-a-comment", true],
    ["*\n!keep", "keep", false],
    ["*\n!keep", "keep/inner", false],
    ["*\n!keep", "other", true],
    ["!keep\n*", "keep", true],
    ["docs\n!docs/README.md", "docs/README.md", false],
    ["docs\n!docs/README.md", "docs/other.md", true],
    ["**", "anything/at/all", true],
    ["a/**", "a", false],
    ["a/**", "a/b", true],
    ["a/**/z", "a/z", true],
    ["a/**/z", "a/b/c/z", true],
    [".", "anything", false],
    ["file.with.dots", "fileXwithXdots", false],
    ["a+b(c)", "a+b(c)", true],
    ["[z-a]", "z", false],
    ["[unclosed", "[unclosed", true],
    ["ünïcode/*", "ünïcode/ß", true],
  ])("%j on %j → %s", (rules, path, ignored) => {
    expect(ignoreRules(rules).ignores(path)).toBe(ignored);
  });

  test("an ignored folder is walked only when an exception may lie below it", () => {
    const rules = ignoreRules("*\n!docs/guide/*.md\n!**/x.txt".replace("\n!**/x.txt", ""));
    expect(rules.mayContainIncluded("docs")).toBe(true);
    expect(rules.mayContainIncluded("docs/guide")).toBe(true);
    expect(rules.mayContainIncluded("docs/api")).toBe(false);
    expect(rules.mayContainIncluded("node_modules")).toBe(false);
    expect(ignoreRules("*\n!**/x.txt").mayContainIncluded("node_modules/deep")).toBe(true);
  });
});
