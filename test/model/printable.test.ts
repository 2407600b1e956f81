import { expect, test } from "vitest";

import { printable, printableLine } from "../../src/model/printable.ts";
import { cpuTime } from "../harness/cpu-time.ts";

test.each([
  ["plain words, ünïcode, 日本語, 👩‍👩‍👧", "plain words, ünïcode, 日本語, 👩‍👩‍👧"],
  ["two\n\tlines", "two\n\tlines"],
  ["windows\r\nlines", "windows\nlines"],
  ["\u001B[1;31mred\u001B[0m", "red"],
  ["\u001B[2J\u001B[Hcleared", "cleared"],
  ["\u001B]0;a title\u0007after", "after"],
  ["\u001B]8;;http://x\u001B\\link\u001B]8;;\u001B\\", "link"],
  ["\u001BPq#0\u001B\\after", "after"],
  ["\u001B]0;never ended", "0;never ended"],
  ["\u009B31mC1\u009B0m", "C1"],
  ["\u001Bcreset", "reset"],
  ["\u001B(0lines", "lines"],
  ["over\rwritten\u0008\u0007\u007F\u0000", "overwritten"],
  ["\u202Egpj.exe\u202C \u2066isolated\u2069", "gpj.exe isolated"],
  ["cut \u001B[", "cut "],
])("case %#", (text, expected) => expect(printable(text)).toBe(expected));

test("one line stays one line", () => {
  expect(printableLine("first\n  error: invented\n\u001B[Aend")).toBe("first error: invented end");
});

test("a long text of sequences that never end takes no time", () => {
  const began = cpuTime();
  printable("\u001B]".repeat(100_000));
  printable("\u001B[".repeat(100_000));
  printable(`\u001B[${"1;".repeat(200_000)}`);
  expect(cpuTime() - began).toBeLessThan(5000);
});
