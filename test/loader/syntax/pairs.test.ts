import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseDevice } from "../../../src/loader/syntax/device.ts";
import { parseExtraHost, stripBrackets } from "../../../src/loader/syntax/extra-host.ts";
import { compileGlob, isGlob } from "../../../src/loader/syntax/glob.ts";
import { parseVariable, splitKeyValue } from "../../../src/loader/syntax/key-value.ts";
import { isProjectName, normaliseProjectName } from "../../../src/loader/syntax/project-name.ts";

describe("key=value", () => {
  test.each([
    ["A=b", { key: "A", value: "b" }],
    ["A", { key: "A" }],
    ["A=", { key: "A", value: "" }],
    ["=b", { key: "", value: "b" }],
    ["A=b=c", { key: "A", value: "b=c" }],
    [" A= b", { key: " A", value: " b" }],
    ["", { key: "" }],
  ])("%j", (item, pair) => {
    expect(splitKeyValue(item)).toEqual(pair);
    expect(parseVariable(item)).toEqual({ ok: true, value: pair });
  });

  test("a variable's name does not end in a blank", () => {
    expect(splitKeyValue("A =b")).toEqual({ key: "A ", value: "b" });
    expect(parseVariable("A \t=b")).toMatchObject({
      ok: false,
      message: 'variable "A" is followed by a blank',
      offset: 1,
      length: 2,
    });
  });
});

describe("parseDevice", () => {
  test.each([
    ["/dev/a", ["/dev/a", "/dev/a", "rwm"]],
    ["/dev/a:/dev/b", ["/dev/a", "/dev/b", "rwm"]],
    ["/dev/a:/dev/b:r", ["/dev/a", "/dev/b", "r"]],
    ["a:", ["a", "a", "rwm"]],
    ["a::r", ["a", "a", "r"]],
    ["vendor.com/class=name", ["vendor.com/class=name", "vendor.com/class=name", "rwm"]],
  ])("%s", (text, [source, target, permissions]) => {
    expect(parseDevice(text)).toEqual({ ok: true, value: { source, target, permissions } });
  });

  test("refused", () => {
    expect(parseDevice("a:b:c:d")).toMatchObject({
      message: 'device "a:b:c:d" has too many colons',
      offset: 5,
      length: 2,
    });
    expect(parseDevice(":b")).toMatchObject({ message: 'device ":b" names no source' });
    expect(parseDevice("")).toMatchObject({ message: 'device "" names no source' });
  });
});

describe("parseExtraHost", () => {
  test.each([
    ["h:1.2.3.4", "h", ["1.2.3.4"]],
    ["h=1.2.3.4", "h", ["1.2.3.4"]],
    ["h:::1", "h", ["::1"]],
    ["h=[::1],[::2]", "h", ["::1", "::2"]],
    ["h:host-gateway", "h", ["host-gateway"]],
    ["h=", "h", [""]],
    ["h=1 , 2", "h", ["1 ", " 2"]],
  ])("%s", (text, host, addresses) => {
    expect(parseExtraHost(text)).toEqual({ ok: true, value: { host, addresses } });
  });

  test.each([
    ["h", 'extra host "h" has no address'],
    ["=1", "an extra host has an empty name"],
    [":1", "an extra host has an empty name"],
    ["h:1=2", '"h:1" is not a host name'],
    ["[::1]=h", '"[::1]" is not a host name'],
  ])("%s is refused", (text, message) => {
    expect(parseExtraHost(text)).toMatchObject({ ok: false, message });
  });

  test("stripBrackets", () => {
    expect([stripBrackets("[::1]"), stripBrackets("::1"), stripBrackets("[")]).toEqual(["::1", "::1", "["]);
  });
});

describe("project names", () => {
  test.each([
    ["My Dir_-X", "mydir_-x"],
    ["Foo Bar!", "foobar"],
    ["_-a", "a"],
    ["É1", "1"],
    ["a.b", "ab"],
    ["...", ""],
  ])("%s becomes %s", (text, name) => {
    expect(normaliseProjectName(text)).toBe(name);
  });

  test.each(["a", "1", "a-b_c"])("%s is valid", (name) => {
    expect(isProjectName(name)).toBe(true);
  });
  test.each(["", "A", "-a", "_a", "a.b", "a b", "é", "a\n"])("%j is not", (name) => {
    expect(isProjectName(name)).toBe(false);
  });

  test("what is normalised is valid or empty", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const name = normaliseProjectName(text);
        return name === "" || isProjectName(name);
      }),
    );
  });
});

describe("globs", () => {
  test.each([
    ["*", "web", true],
    ["w*", "web", true],
    ["*b", "web", true],
    ["w*b*", "web", true],
    ["w?b", "web", true],
    ["w?b", "wb", false],
    ["[vw]eb", "web", true],
    ["[a-v]eb", "web", false],
    ["[^a-v]eb", "web", true],
    ["[x-]a", "-a", true],
    ["web", "web", true],
    ["web", "webs", false],
    [String.raw`\*`, "*", true],
    [String.raw`[\]]`, "]", true],
    ["?", "💡", true],
  ])("%s on %s: %s", (pattern, name, expected) => {
    expect(compileGlob(pattern)?.(name) ?? false).toBe(expected);
  });

  test.each(["[", "[a", "[]", "[z-a]", "a\\"])("%s is no pattern", (pattern) => {
    expect(compileGlob(pattern)).toBeUndefined();
  });

  test("isGlob", () => {
    expect(["web", "w*", "w?", "[w]"].map(isGlob)).toEqual([false, true, true, true]);
  });

  test("a hostile pattern takes no time", () => {
    expect(compileGlob("*a".repeat(500))?.("a".repeat(400) + "b".repeat(400))).toBe(false);
  });
});
