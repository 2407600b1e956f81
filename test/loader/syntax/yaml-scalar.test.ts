import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { formatGoNumber } from "../../../src/loader/syntax/go-number.ts";
import { resolveScalar } from "../../../src/loader/syntax/yaml-scalar.ts";

/** What docker compose makes of `environment: {X: text}`. */
function asVariable(text: string): string | null {
  const scalar = resolveScalar(text);
  switch (scalar.kind) {
    case "null":
      return null;
    case "string":
      return text;
    case "boolean":
      return String(scalar.value);
    case "integer":
    case "float":
      return formatGoNumber(scalar.value, text);
  }
}

describe("numbers that docker compose rewrites", () => {
  test.each([
    // integers
    ["010", "8"],
    ["0o17", "15"],
    ["0O17", "15"],
    ["0b101", "5"],
    ["0x1F", "31"],
    ["0X1f", "31"],
    ["-0x1F", "-31"],
    ["+0x5", "5"],
    ["-0o17", "-15"],
    ["-010", "-8"],
    ["1_000", "1000"],
    ["1_", "1"],
    ["0x_1", "1"],
    ["00", "0"],
    ["-0", "0"],
    ["+0", "0"],
    ["0777", "511"],
    ["0_7", "7"],
    ["1000000", "1000000"],
    ["18446744073709551615", "18446744073709551615"],
    ["-9223372036854775808", "-9223372036854775808"],
    ["0xffffffffffffffff", "18446744073709551615"],
    // floats
    ["08", "8"],
    ["1.50", "1.5"],
    ["3.0", "3"],
    ["1.", "1"],
    ["1.e3", "1000"],
    ["1e3", "1000"],
    ["1e5", "100000"],
    ["1e6", "1e+06"],
    ["1e21", "1e+21"],
    ["1000000.0", "1e+06"],
    ["100000.0", "100000"],
    ["999999.5", "999999.5"],
    ["1234567.5", "1.2345675e+06"],
    ["123456789.123", "1.23456789123e+08"],
    ["0.0001", "0.0001"],
    ["0.00001", "1e-05"],
    ["1e-7", "1e-07"],
    ["-0.0", "-0"],
    [".5", "0.5"],
    ["+.5", "0.5"],
    [".5_0", "0.5"],
    ["1_0.5", "10.5"],
    ["1_e3", "1000"],
    ["00.5", "0.5"],
    ["18446744073709551616", "1.8446744073709552e+19"],
    ["-9223372036854775809", "-9.223372036854776e+18"],
    ["123456789012345678901234567890", "1.2345678901234568e+29"],
    [".inf", "+Inf"],
    ["-.INF", "-Inf"],
    [".NaN", "NaN"],
    // words
    ["True", "true"],
    ["FALSE", "false"],
    ["~", null],
    ["", null],
    ["NULL", null],
  ])("%s is %s", (text, expected) => {
    expect(asVariable(text)).toBe(expected);
  });

  test.each(
    "yes No on y tRUE nULL 0o8 0o 0x 0b 0b2 0b102 0o778 5e 1e+ 1e400 NaN inf Infinity 22:22 12:30:45 2024-01-01 _1 ._5 .1_ .e5 . .. + ++1 +-1 e5 1,000 0x1p3 0xfffffffffffffffff constructor 1.2.3".split(
      " ",
    ),
  )("%s is a string", (text) => {
    expect(resolveScalar(text)).toEqual({ kind: "string" });
  });
});

test("an integer that a double cannot hold is a bigint", () => {
  expect(resolveScalar("9007199254740993")).toEqual({ kind: "integer", value: 9_007_199_254_740_993n });
  expect(resolveScalar("9007199254740991")).toEqual({ kind: "integer", value: 9_007_199_254_740_991 });
});

test("every safe integer and every float means itself", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(resolveScalar(`${value}`)).toEqual({ kind: "integer", value });
    }),
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = value.toExponential();
      expect(resolveScalar(text)).toEqual({ kind: "float", value: Number(text) });
    }),
  );
});
