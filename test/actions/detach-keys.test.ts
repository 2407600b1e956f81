import { describe, expect, test } from "vitest";

import { parseDetachKeys, untilDetached } from "../../src/actions/detach-keys.ts";

async function type(...chunks: string[]): Promise<string> {
  async function* input(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  let passed = "";
  let detached = "";
  const keys = parseDetachKeys("ctrl-p,ctrl-q");
  for await (const bytes of untilDetached(input(), keys, () => (detached = "!")))
    passed += Buffer.from(bytes).toString();
  return JSON.stringify(passed) + detached;
}

describe("detach keys", () => {
  test.each([
    [["ab"], '"ab"'],
    [["a\u0010\u0011b"], '"a"!'],
    [["a\u0010", "\u0011b"], '"a"!'],
    [["\u0010x"], '"\\u0010x"'],
    [["\u0010", "x"], '"\\u0010x"'],
    [["\u0010\u0010\u0011"], '"\\u0010"!'],
    [["\u0011\u0010"], '"\\u0011\\u0010"'],
    [["é\u0010\u0011"], '"é"!'],
  ])("%j", async (chunks, expected) => {
    expect(await type(...chunks)).toBe(expected);
  });

  test("are written as docker writes them", () => {
    expect(parseDetachKeys()).toEqual([16, 17]);
    expect(parseDetachKeys("ctrl-@,a,ctrl-\\")).toEqual([0, 97, 28]);
    expect(() => parseDetachKeys("ctrl-,x")).toThrow('invalid detach keys "ctrl-,x"');
    expect(() => parseDetachKeys("")).toThrow("invalid detach keys");
  });
});
