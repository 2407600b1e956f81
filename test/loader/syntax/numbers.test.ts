import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseBoolean } from "../../../src/loader/syntax/boolean.ts";
import { parseBytes } from "../../../src/loader/syntax/bytes.ts";
import { parseCpus, roundCpus } from "../../../src/loader/syntax/cpus.ts";
import { parseFileMode } from "../../../src/loader/syntax/file-mode.ts";
import { parseInteger } from "../../../src/loader/syntax/integer.ts";
import { parseUlimit } from "../../../src/loader/syntax/ulimit.ts";
import { formatBytes, formatFileMode } from "../../../src/model/format.ts";

describe("parseBytes", () => {
  test.each([
    ["1000", 1000],
    ["1_000", 1000],
    ["1e3", 1000],
    ["1E3k", 1_024_000],
    ["1 k", 1024],
    ["1.5g", 1_610_612_736],
    ["1kb", 1024],
    ["1KiB", 1024],
    ["10 mb", 10_485_760],
    ["1b", 1],
    ["1t", 1_099_511_627_776],
    ["1pib", 1_125_899_906_842_624],
    [".5k", 512],
    ["1.k", 1024],
    ["5.", 5],
    ["+1k", 1024],
    ["1.9", 1],
    ["0.1k", 102],
    ["-1", -1],
  ])("%s is %i", (text, value) => {
    expect(parseBytes(text)).toEqual({ ok: true, value });
  });

  test.each(["", ".", "0x10", "1  k", " 1k", "1k ", "1,5g", "-1k", "-2", "k", "inf"])("%j is no size", (text) => {
    expect(parseBytes(text)).toMatchObject({ ok: false, message: `"${text}" is not a size` });
  });

  test.each([
    ["1bb", "bb"],
    ["1e", "e"],
    ["1z", "z"],
    ["1ki", "ki"],
    ["12 megs", "megs"],
  ])("%s has an unknown unit", (text, unit) => {
    expect(parseBytes(text)).toMatchObject({
      message: `size "${text}" has an unknown unit "${unit}"`,
      offset: text.length - unit.length,
      length: unit.length,
    });
  });

  test("no size is beyond an int64, and the largest prints as one", () => {
    expect(parseBytes("1e30")).toMatchObject({ ok: false, message: 'size "1e30" is too large' });
    const largest = parseBytes("9223372036854775807");
    expect(largest.ok && formatBytes(largest.value)).toBe("9223372036854775807");
    expect(formatBytes(-1)).toBe("-1");
    expect(formatBytes(1e15)).toBe("1000000000000000");
  });

  test("what is printed reads back the same", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseBytes(formatBytes(bytes))).toEqual({ ok: true, value: bytes });
      }),
    );
  });
});

describe("cpus", () => {
  test.each([
    [0.55, 0.55],
    [0.1, 0.1],
    [1e-3, 0.001],
    [16_777_217, 16_777_216],
    [0.123456789, 0.12345679],
    [123_456_789.5, 123_456_790],
    [0, 0],
    [-1, -1],
  ])("%d is kept as %d", (written, kept) => {
    expect(roundCpus(written)).toBe(kept);
    expect(roundCpus(kept)).toBe(kept);
  });

  test("text", () => {
    expect(parseCpus("1.5")).toEqual({ ok: true, value: 1.5 });
    expect(parseCpus("1e2")).toEqual({ ok: true, value: 100 });
    expect(parseCpus(".5")).toEqual({ ok: true, value: 0.5 });
    for (const text of ["", " 1", "abc", "1e99", "Infinity", "0x1"]) expect(parseCpus(text).ok).toBe(false);
  });

  test("rounding keeps the 32-bit value", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Math.fround(roundCpus(value))).toBe(value + 0);
      }),
    );
  });
});

describe("parseBoolean", () => {
  test.each(["true", "TRUE", "tRue"])("%s", (text) => {
    expect(parseBoolean(text)).toEqual({ ok: true, value: { value: true, legacy: false } });
  });
  test.each(["yes", "Y", "oN"])("%s is true, as YAML 1.1 had it", (text) => {
    expect(parseBoolean(text)).toEqual({ ok: true, value: { value: true, legacy: true } });
  });
  test.each(["no", "n", "OFF"])("%s is false, as YAML 1.1 had it", (text) => {
    expect(parseBoolean(text)).toEqual({ ok: true, value: { value: false, legacy: true } });
  });
  test.each(["", "1", "0", "t", " true", "__proto__"])("%j is none", (text) => {
    expect(parseBoolean(text)).toMatchObject({ ok: false, message: `"${text}" is not a boolean` });
  });
});

describe("parseInteger", () => {
  test.each([
    ["5", 5],
    ["+5", 5],
    ["-5", -5],
    ["05", 5],
    ["-0", 0],
    [`${"0".repeat(50)}7`, 7],
    ["-9223372036854775808", -(2 ** 63)],
  ])("%s is %i", (text, value) => {
    expect(parseInteger(text)).toEqual({ ok: true, value });
  });
  test.each(["", "0x5", "1_0", "1e3", "5 ", "5.0", "abc", "--1", "400ms"])("%j is none", (text) => {
    expect(parseInteger(text)).toMatchObject({ ok: false, message: `"${text}" is not a whole number` });
  });
  test("what no int64 holds is refused", () => {
    expect(parseInteger("9223372036854775808").ok).toBe(false);
    expect(parseInteger("-9223372036854775809").ok).toBe(false);
    expect(parseInteger("9".repeat(1_000_000)).ok).toBe(false);
  });
  test("every integer reads back", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(parseInteger(`${value}`)).toEqual({ ok: true, value });
      }),
    );
  });
});

test("parseUlimit knows the word that people try", () => {
  expect(parseUlimit("-1")).toEqual({ ok: true, value: -1 });
  expect(parseUlimit("unlimited")).toMatchObject({ ok: false, hint: "for no limit write -1" });
});

describe("file modes", () => {
  test.each([
    ["0440", 0o440],
    ["440", 0o440],
    ["7777777777", 0o7777777777],
  ])("%s is octal", (text, mode) => {
    expect(parseFileMode(text)).toEqual({ ok: true, value: mode });
  });
  test.each(["", "0o440", "0x10", "9", " 440", "-1", "1_0", "rw-r--r--"])("%j is none", (text) => {
    expect(parseFileMode(text).ok).toBe(false);
  });
  test("what is printed reads back the same", () => {
    expect(formatFileMode(0o440)).toBe("0440");
    fc.assert(
      fc.property(fc.nat(), (value) => {
        expect(parseFileMode(formatFileMode(value))).toEqual({ ok: true, value });
      }),
    );
  });
});
