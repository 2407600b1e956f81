import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { convertWindowsPath, parseVolumeMount } from "../../../src/loader/syntax/volume-mount.ts";
import type { VolumeMount } from "../../../src/model/project.ts";

function mountOf(text: string): VolumeMount {
  const result = parseVolumeMount(text);
  if (!result.ok) throw new Error(result.message);
  return result.value.mount;
}

const bind = (source: string, target: string): VolumeMount => ({
  type: "bind",
  source,
  target,
  bind: { create_host_path: true },
});
const volume = (source: string, target: string): VolumeMount => ({ type: "volume", source, target, volume: {} });

describe("parseVolumeMount", () => {
  test.each<[string, VolumeMount]>([
    ["/", { type: "volume", target: "/" }],
    ["/a", { type: "volume", target: "/a" }],
    ["/abc", { type: "volume", target: "/abc", volume: {} }],
    ["vol:/b", volume("vol", "/b")],
    ["vol:/b/../c/", volume("vol", "/c")],
    ["vol:/b//c", volume("vol", "/b/c")],
    ["vol:../b", volume("vol", "../b")],
    ["/a/../c:/b", bind("/a/../c", "/b")],
    ["./a:/b", bind("./a", "/b")],
    ["..:/b", bind("..", "/b")],
    ["~:/b", bind("~", "/b")],
    // options
    ["vol:/b:ro", { ...volume("vol", "/b"), read_only: true }],
    ["vol:/b:rw", volume("vol", "/b")],
    ["vol:/b:ro,,rw", volume("vol", "/b")],
    ["vol:/b:nocopy", { ...volume("vol", "/b"), volume: { nocopy: true } }],
    ["/a:/b:nocopy", { ...bind("/a", "/b"), volume: { nocopy: true } }],
    ["vol:/b:ro,z", { ...volume("vol", "/b"), read_only: true, bind: { selinux: "z" } }],
    ["/a:/b:z,Z", { ...bind("/a", "/b"), bind: { selinux: "Z", create_host_path: true } }],
    [
      "/a:/b:ro,rslave",
      { ...bind("/a", "/b"), read_only: true, bind: { propagation: "rslave", create_host_path: true } },
    ],
    ["/a:/b:cached", bind("/a", "/b")],
    // Windows
    [String.raw`C:\a:/b`, bind(String.raw`C:\a`, "/b")],
    ["C:/a:/b", bind("C:/a", "/b")],
    [String.raw`c:\a:d:\b`, bind(String.raw`c:\a`, String.raw`d:\b`)],
    [String.raw`vol:d:\b:ro`, { ...volume("vol", String.raw`d:\b`), read_only: true }],
    [String.raw`\\.\pipe\x:\\.\pipe\y`, bind(String.raw`\\.\pipe\x`, String.raw`\\.\pipe\y`)],
    [String.raw`C:\a`, { type: "volume", target: String.raw`C:\a`, volume: {} }],
    // left over without interpolation
    ["${A:-x:y}:/b", volume("${A:-x:y}", "/b")],
    ["vol:/a/${B}/..", volume("vol", "/a/${B}/..")],
  ])("%s", (text, mount) => {
    expect(mountOf(text)).toEqual(mount);
  });

  // docker compose takes the letter for a drive and makes an anonymous volume of it.
  test.each<[string, VolumeMount]>([
    ["v:/v", volume("v", "/v")],
    ["v:/v:ro", { ...volume("v", "/v"), read_only: true }],
    ["C:/data", volume("C", "/data")],
  ])("%s is a volume with a name of one letter", (text, mount) => {
    expect(parseVolumeMount(text)).toMatchObject({ ok: true, value: { mount, oneLetterName: true } });
  });

  test("options that mean nothing are told", () => {
    expect(parseVolumeMount("vol:/b:RO,ro,xyz")).toMatchObject({ value: { unknownOptions: ["RO", "xyz"] } });
    expect(parseVolumeMount("vol:/b:ro")).toMatchObject({ value: { unknownOptions: [], oneLetterName: false } });
  });

  test.each([
    ["", "a volume is empty", undefined],
    [":/b", 'volume ":/b" has nothing on one side of a colon', ":"],
    ["vol::ro", 'volume "vol::ro" has nothing on one side of a colon', ":"],
    ["vol:", 'volume "vol:" has nothing on one side of a colon', ":"],
    ["vol:/b:", 'volume "vol:/b:" has nothing on one side of a colon', ":"],
    ["vol:/b:ro:x", 'volume "vol:/b:ro:x" has too many colons', ":x"],
  ])("%j is refused", (text, message, part) => {
    const result = parseVolumeMount(text);
    expect(result).toMatchObject({ ok: false, message });
    if (result.ok || part === undefined) return;
    const { offset = -1, length = 0 } = result;
    expect(text.slice(offset, offset + length)).toBe(part);
  });

  test("any text is a mount or a mistake inside of it", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "C", ":", "/", "\\", ".", "~", "$", "{", "}", ",", "r", "o") });
    fc.assert(
      fc.property(text, (input) => {
        const result = parseVolumeMount(input);
        if (result.ok) return result.value.mount.target !== "";
        return (result.offset ?? 0) >= 0 && (result.offset ?? 0) + (result.length ?? 0) <= input.length;
      }),
      { numRuns: 2000 },
    );
  });
});

test("convertWindowsPath", () => {
  expect(convertWindowsPath(String.raw`C:\a\b c`)).toBe("/c/a/b c");
  expect(convertWindowsPath("d:/a")).toBe("/d/a");
  expect(convertWindowsPath("/a:b")).toBe("/a:b");
  expect(convertWindowsPath("C:relative")).toBe("C:relative");
});
