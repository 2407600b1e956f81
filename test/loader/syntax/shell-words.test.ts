import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { splitShellWords } from "../../../src/loader/syntax/shell-words.ts";

describe("splitShellWords", () => {
  test.each<[string, string[]]>([
    ["", []],
    [" \t ", []],
    ["a  b\tc\nd\re", ["a", "b", "c", "d", "e"]],
    ["'a b'", ["a b"]],
    ["a''b", ["ab"]],
    ["''", [""]],
    ['""', [""]],
    [String.raw`"a\nb"`, ["anb"]],
    [String.raw`a\ b`, ["a b"]],
    [String.raw`'\'`, ["\\"]],
    [String.raw`"\'"`, ["'"]],
    [`a'b"c'd`, [`ab"cd`]],
    ["#a b", ["#a", "b"]],
    ["\u00A0a\u00A0b", ["\u00A0a\u00A0b"]],
    ["a\fb", ["a\fb"]],
    ["$(a b) c", ["$(a b)", "c"]],
    ["a$(b c)d", ["a$(b c)d"]],
    ["$(echo 'x')", ["$(echo 'x')"]],
    ["$(a;b)", ["$(a;b)"]],
    ['"$(a b)"', ["$(a b)"]],
    ['"(a)"', ["(a)"]],
    ["`a b` c", ["`a b`", "c"]],
    ["`a;b`", ["`a;b`"]],
    ["`a)`", ["`a)`"]],
    ["`a'b c'` d", ["`ab c`", "d"]],
    ["$(a`b)", ["$(a`b)"]],
    ["a'b;c'd", ["ab;cd"]],
    [String.raw`a\;b`, ["a;b"]],
    ["echo $HOME *.txt", ["echo", "$HOME", "*.txt"]],
  ])("%j", (text, words) => {
    expect(splitShellWords(text)).toEqual({ ok: true, value: { words } });
  });

  // docker compose drops the rest of the line; we do too, and the loader says so.
  test.each<[string, string[], number]>([
    ["a;b", ["a"], 1],
    ["a ;b c", ["a"], 2],
    ["a && b", ["a"], 2],
    ["a | b", ["a"], 2],
    ["a>b", ["a"], 1],
    ["2>f", [], 1],
    ["x 2>f", ["x"], 3],
    ["2 >f", ["2"], 2],
    ["'';x", [""], 2],
  ])("%j is cut", (text, words, cutAt) => {
    expect(splitShellWords(text)).toEqual({ ok: true, value: { words, cutAt } });
  });

  test.each([
    ["'a", "an opening ' without a closing one", 0],
    ['x "a', 'an opening " without a closing one', 2],
    ["a\\", "ends with a backslash", 1],
    ["(a)", 'an unquoted "("', 0],
    ["a)", 'an unquoted ")"', 1],
    ["$((1))", 'an unquoted "("', 2],
    ["$(a", "an opening $( without a closing )", 1],
    ["x `a", "an opening ` without a closing `", 2],
  ])("%j is refused", (text, part, offset) => {
    const result = splitShellWords(text);
    expect(result).toMatchObject({ ok: false, offset, length: 1 });
    expect(!result.ok && result.message).toContain(part);
  });

  test("any list of words survives quoting", () => {
    const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (words) => {
        expect(splitShellWords(words.map(quoted).join(" "))).toEqual({ ok: true, value: { words } });
      }),
    );
  });
});
