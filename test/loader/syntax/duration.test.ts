import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseDuration } from "../../../src/loader/syntax/duration.ts";
import { formatDuration } from "../../../src/model/format.ts";

describe("parseDuration", () => {
  // Text and its Go spelling, as docker compose prints it.
  test.each([
    ["1m30s", "1m30s"],
    ["90s", "1m30s"],
    ["1.5s", "1.5s"],
    [".5s", "500ms"],
    ["5.s", "5s"],
    ["0", "0s"],
    ["-0", "0s"],
    ["+5s", "5s"],
    ["-5s", "-5s"],
    ["-1h0.5s", "-1h0m0.5s"],
    ["1d12h", "36h0m0s"],
    ["1w2d", "216h0m0s"],
    ["1us", "1µs"],
    ["1µs", "1µs"],
    ["1μs", "1µs"],
    ["1500ns", "1.5µs"],
    ["1.23456789012s", "1.23456789s"],
    ["1.999999ms", "1.999999ms"],
    ["1h0m0.000000001s", "1h0m0.000000001s"],
    ["106751d", "2562024h0m0s"],
    ["9223372036854775807ns", "2562047h47m16.854775808s"], // a double cannot hold the last nanosecond
  ])("%s is %s", (text, printed) => {
    const result = parseDuration(text);
    expect(result.ok && formatDuration(result.value)).toBe(printed);
  });

  test("milliseconds", () => {
    expect(parseDuration("1m30.25s")).toEqual({ ok: true, value: 90_250 });
    expect(parseDuration("250ns")).toEqual({ ok: true, value: 0.000_25 });
  });

  test.each([
    ["", `"" is not a duration`, undefined],
    ["-", `"-" is not a duration`, undefined],
    ["abc", `"abc" is not a duration`, undefined],
    [" 5s", `" 5s" is not a duration`, undefined],
    ["10", `duration "10" has a number without a unit`, "10"],
    ["1m30", `duration "1m30" has a number without a unit`, "30"],
    ["1.5.5s", `duration "1.5.5s" has a number without a unit`, "1.5"],
    ["300y", `duration "300y" has an unknown unit "y"`, "y"],
    ["1m 5s", `duration "1m 5s" has an unknown unit "m "`, "m "],
    ["1h-5m", `duration "1h-5m" has an unknown unit "h-"`, "h-"],
    ["1e3s", `duration "1e3s" has an unknown unit "e"`, "e"],
    ["1H", `duration "1H" has an unknown unit "H"`, "H"],
    ["100000w", `duration "100000w" is too long`, undefined],
    ["9223372036854775808ns", `duration "9223372036854775808ns" is too long`, undefined],
  ])("%j is refused", (text, message, part) => {
    const result = parseDuration(text);
    expect(result).toMatchObject({ ok: false, message });
    if (result.ok || part === undefined) return;
    const { offset = -1, length = 0 } = result;
    expect(text.slice(offset, offset + length)).toBe(part);
  });

  test("what is printed reads back the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), (nanoseconds) => {
        const milliseconds = nanoseconds / 1e6;
        expect(parseDuration(formatDuration(milliseconds))).toEqual({ ok: true, value: milliseconds + 0 });
      }),
    );
  });
});
