import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseTemplate } from "../../../src/loader/syntax/interpolation.ts";
import { listVariables, substitute, type Substituted } from "../../../src/loader/syntax/substitute.ts";

const environment = new Map([
  ["S", "set"],
  ["E", ""],
]);

function evaluate(text: string): Substituted {
  const template = parseTemplate(text);
  if (!template.ok) throw new Error(template.message);
  return substitute(template.value, (name) => environment.get(name));
}

describe("substitution, S being set and E empty", () => {
  test.each([
    ["plain", "plain"],
    ["", ""],
    ["$S", "set"],
    ["${S}", "set"],
    ["a${S}b$S-c", "asetbset-c"],
    ["$S$S", "setset"],
    ["$$S", "$S"],
    ["$$$S", "$set"],
    ["$${A:-${S}}", "${A:-set}"],
    ["$", "$"],
    ["a$ b", "a$ b"],
    ["$1", "$1"],
    ["$-", "$-"],
    ["$Ā", "$Ā"],
    ["${S}}", "set}"],
    ["{${S}}", "{set}"],
    ["${A:-d}", "d"],
    ["${A-d}", "d"],
    ["${E:-d}", "d"],
    ["${E-d}", ""],
    ["${S:-d}", "set"],
    ["${S:+x}", "x"],
    ["${S+x}", "x"],
    ["${E:+x}", ""],
    ["${E+x}", "x"],
    ["${A:+x}", ""],
    ["${A+x}", ""],
    ["${S?}", "set"],
    ["${E?}", ""],
    ["${S:?no}", "set"],
    ["${A:-}", ""],
    ["${A:-a}-${S:-b}", "a-set"],
    ["${A:-${S}x}y", "setxy"],
    ["${A:-${B:-${C:-deep}}}", "deep"],
    ["${A:-$S y}", "set y"],
    ["${A:-$}", "$"],
    ["${A:-$$}", "$"],
    ["${A:-$${B}}", "${B}"],
    ["${S:+x${S}}", "xset"],
    ["${A:-x:?y}", "x:?y"],
    ["${A-a?b}", "a?b"],
    ["${A-a:-b}", "a:-b"],
    ["${A:-?y}", "?y"],
    // braces
    ['${A:-{"k":1}}', '{"k":1}'],
    ["${A:-a{b}c}d", "a{b}cd"],
    ["${A:-x}b}", "xb}"],
    ["${A:-{}}", "{}"],
    ["${A:-{{}}}", "{{}}"],
    ["${A:-{}", "{"],
    ["${A:-{$S}}", "{set}"],
    ["${A:-}}}", "}}"],
    ["${A-}\n}", "\n}"],
    // laziness: what is not used may not fail
    ["${S:-${B:?}}", "set"],
    ["${A:+${B:?}}", ""],
  ])("%j is %j", (text, value) => {
    expect(evaluate(text)).toEqual({ value, unset: [], missing: [] });
  });

  test("every plain use of an unset variable is told, with its place", () => {
    const text = "a $A ${B} ${C:-$D}";
    const { value, unset } = evaluate(text);
    expect(value).toBe("a   ");
    expect(unset.map((each) => [each.name, text.slice(each.offset, each.offset + each.length)])).toEqual([
      ["A", "$A"],
      ["B", "${B}"],
      ["D", "$D"],
    ]);
  });

  test.each([
    ["x${A:?}", "A", ""],
    ["${A?set $S}", "A", "set set"],
    ["${E:?empty}", "E", "empty"],
    ["${A:-${B:?inner}}", "B", "inner"],
  ])("%s is missing", (text, name, message) => {
    expect(evaluate(text).missing).toMatchObject([{ variable: { name }, message }]);
  });

  test("all missing variables are told", () => {
    expect(evaluate("${A:?a} ${B:?b}").missing.map((each) => each.message)).toEqual(["a", "b"]);
  });
});

describe("parseTemplate refuses", () => {
  test.each([
    ["a ${} b", '"${}" names no variable', "${}"],
    ["${1X}", '"${1X}" does not start with the name of a variable', "${1X}"],
    ["${ S }", '"${ S }" does not start with the name of a variable', "${ S }"],
    ["${Ā}", '"${Ā}" does not start with the name of a variable', "${Ā}"],
    ["x ${A.b}", '"${A.b}" has an unexpected "." after the name', "${A.b}"],
    ["${A/x/y}", '"${A/x/y}" has an unexpected "/" after the name', "${A/x/y}"],
    ["${S:=x}", '"${S:=x}" has an unexpected ":" after the name', "${S:=x}"],
    ["${S }", '"${S }" has an unexpected " " after the name', "${S }"],
    ["a ${S", '"${S" has no closing brace', "${S"],
    ["${A:-${S}", '"${S" has no closing brace', "${S"],
    ["${A-b}${", '"${" has no closing brace', "${"],
    ["${S:-${}}", '"${}" names no variable', "${}"],
    ["${A:-a\nb}", 'what follows ":-" in "${A:-…}" may not contain a line break', "${A:-a\nb}"],
  ])("%j", (text, message, part) => {
    const result = parseTemplate(text);
    expect(result).toMatchObject({ ok: false, message });
    if (result.ok) return;
    const { offset = -1, length = 0 } = result;
    expect(text.slice(offset, offset + length)).toBe(part);
  });

  test("nesting without end", () => {
    expect(parseTemplate("${A:-".repeat(5000) + "}".repeat(5000))).toMatchObject({
      message: "variables are nested too deeply",
    });
  });
});

test("listVariables", () => {
  const template = parseTemplate("${A}$A ${B:-${C-c}} ${D:?x} ${F:+$G}");
  expect(template.ok && listVariables(template.value)).toEqual([
    { name: "A", required: false },
    { name: "A", required: false },
    { name: "B", required: false, default: "${C-c}" },
    { name: "C", required: false, default: "c" },
    { name: "D", required: true },
    { name: "F", required: false, alternate: "$G" },
    { name: "G", required: false },
  ]);
});

describe("any text", () => {
  const text = fc.string({ unit: fc.constantFrom("$", "{", "}", "A", "S", ":", "-", "?", "+", " ", "\n", "1") });

  test("is a template or a mistake inside of it", () => {
    fc.assert(
      fc.property(text, (input) => {
        const result = parseTemplate(input);
        if (result.ok) return substitute(result.value, () => undefined).value.length <= input.length;
        const { offset = -1, length = 0 } = result;
        return offset >= 0 && length > 0 && offset + length <= input.length;
      }),
      { numRuns: 2000 },
    );
  });

  test("survives when its dollars are doubled", () => {
    fc.assert(fc.property(text, (input) => evaluate(input.replaceAll("$", "$$$$")).value === input));
  });
});
