import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseDotenv, type Dotenv } from "../../../src/loader/syntax/dotenv.ts";
import { parseRawEnvFile } from "../../../src/loader/syntax/env-file-raw.ts";

const outside = (name: string): string | undefined => (name === "OUT" ? "outer" : undefined);

function variables(file: Dotenv): Record<string, string> {
  expect(file.problems).toEqual([]);
  return Object.fromEntries(file.entries.map((entry) => [entry.key, entry.value]));
}

function problems(text: string, file: Dotenv): readonly string[] {
  return file.problems.map((each) => `${each.message} @ ${text.slice(each.offset, each.offset + each.length)}`);
}

describe("parseDotenv reads", () => {
  test.each<[string, Record<string, string>]>([
    ["", {}],
    ["\n\n  \n", {}],
    ["A=b", { A: "b" }],
    ["A = b", { A: "b" }],
    ["A: b", { A: "b" }],
    ["A:b", { A: "b" }],
    ["A:\nB=c", { A: "", B: "c" }],
    ["A=  \nB=c", { A: "", B: "c" }],
    ["export\tA=b", { A: "b" }],
    ["exportA=b", { exportA: "b" }],
    ["export=b", { export: "b" }],
    ["=x", { "": "x" }],
    ["É=1\nA.b-c[0]=1\n1A=x\n-A=1", { É: "1", "A.b-c[0]": "1", "1A": "x", "-A": "1" }],
    ["#c\n  # c = d\n  A=b", { A: "b" }],
    ["\uFEFFA=b", { A: "b" }],
    ["A=b\r\nB='c'\r\n", { A: "b", B: "c" }],
    ["\u00A0A=\u00A0b\u00A0", { A: "b" }],
    ["A=b\nA=c", { A: "c" }],
    [
      "__proto__=x\nconstructor=y",
      Object.fromEntries([
        ["__proto__", "x"],
        ["constructor", "y"],
      ]),
    ],
    // without quotes
    ["A=b # c", { A: "b" }],
    ["A=b#c", { A: "b#c" }],
    ["A=#c", { A: "#c" }],
    ["A= # c", { A: "# c" }],
    ["A=x\t#c", { A: "x\t#c" }],
    [`A=a"b"c`, { A: `a"b"c` }],
    ["A=b\\\nC=d", { A: "b\\", C: "d" }],
    ["A=`ls` $(ls)", { A: "`ls` $(ls)" }],
    // in quotes
    ["A='b' # c", { A: "b" }],
    [String.raw`A='b\nc\'d $OUT'`, { A: String.raw`b\nc'd $OUT` }],
    [String.raw`A='\\'`, { A: String.raw`\\` }],
    [String.raw`A="b\nc\td\\e\x41\0101\"f\'"`, { A: `b\nc\td\\e\\x41A"f\\'` }],
    ["A='a\nb'\nB=c", { A: "a\nb", B: "c" }],
    ['A="a\r\nb"', { A: "a\r\nb" }],
    [`A='x'y=2`, { A: "x", y: "2" }],
    // variables
    ["A=$OUT ${OUT} ${X:-d}", { A: "outer outer d" }],
    ["A=\\$OUT", { A: "\\outer" }],
    ["A=$$OUT", { A: "$OUT" }],
    [String.raw`A="\$OUT \\$OUT"`, { A: "$OUT \\outer" }],
    ["A=1\nB=$A\nOUT=here\nC=$OUT", { A: "1", B: "1", OUT: "here", C: "outer" }],
    // bare names
    ["A\nOUT\nB=c", { OUT: "outer", B: "c" }],
    ["export OUT\n", { OUT: "outer" }],
    ["OUT", { OUT: "outer" }], // docker compose 2.40 makes a variable without a name of it
    ["export \n", {}],
  ])("%j", (text, expected) => {
    expect(variables(parseDotenv(text, { lookup: outside }))).toEqual(expected);
  });

  test("keys of earlier files, after its own", () => {
    const earlier = new Map([
      ["A", "early"],
      ["B", "early"],
    ]);
    const file = parseDotenv("A=own\nX=$A$B", { lookup: outside, earlier });
    expect(variables(file)).toEqual({ A: "own", X: "ownearly" });
  });

  test("with the place of each key and value", () => {
    const text = `A=b # c\nexport B = "x\\ny"\nOUT\n`;
    const places = parseDotenv(text, { lookup: outside }).entries.map(
      ({ key, keyOffset, offset, length, inherited }) => [
        text.slice(keyOffset, keyOffset + key.length),
        text.slice(offset, offset + length),
        inherited,
      ],
    );
    expect(places).toEqual([
      ["A", "b", false],
      ["B", "x\\ny", false],
      ["OUT", "OUT", true],
    ]);
  });
});

describe("parseDotenv refuses", () => {
  test("every wrong line at once, and still reads the others", () => {
    const text = `A B=1\nC!=2\nD=3\nE=\${\nF=\${X:?say it}\nG="\${}\\n"\nH="open\nI=4`;
    const file = parseDotenv(text, { lookup: outside });
    expect(problems(text, file)).toEqual([
      `the variable's name "A B" contains a blank @  `,
      `unexpected "!" in a variable's name @ !`,
      `the quoted value of "H" is not closed @ "open`,
      '"${" has no closing brace @ ${',
      'required variable "X" is missing a value: say it @ ${X:?say it}',
      '"${}" names no variable @ ${}\\n',
    ]);
    expect(file.entries.map((entry) => entry.key)).toEqual(["D"]);
  });
});

test("parseDotenv warns of what is surely a slip", () => {
  const text = `A=pa$word\nB='x'garbage\n`;
  const { warnings } = parseDotenv(text, { lookup: outside });
  expect(warnings.map((each) => `${each.message} @ ${text.slice(each.offset, each.offset + each.length)}`)).toEqual([
    `what follows the closing quote of "B" is read as another variable @ garbage`,
    `variable "word" is not set; "A" gets nothing in its place @ $word`,
  ]);
});

describe("parseRawEnvFile", () => {
  test.each<[string, Record<string, string>]>([
    ["A=b\r\nB=c\r", { A: "b", B: "c" }],
    [`A= 'b' # c `, { A: ` 'b' # c ` }],
    ["A=$OUT\\n", { A: "$OUT\\n" }],
    ["A=b=c", { A: "b=c" }],
    ["# c\n  A=b", { A: "b" }],
    ["A\nOUT", { OUT: "outer" }],
    ["\uFEFFA=b", { A: "b" }],
    ["!=c\nA:b", { "!": "c" }],
    ["A=x\u2028y", { A: "x\u2028y" }],
  ])("%j", (text, expected) => {
    expect(variables(parseRawEnvFile(text, outside))).toEqual(expected);
  });

  test("refuses names with blanks and lines without a name", () => {
    const text = "=x\nA =b\nexport C=d\nD=e";
    expect(problems(text, parseRawEnvFile(text, outside))).toEqual([
      "a line starts with =, without a variable's name @ =",
      `the variable's name "A " contains a blank @  `,
      `the variable's name "export C" contains a blank @  `,
    ]);
  });
});

describe("any text", () => {
  const text = fc.string({
    unit: fc.constantFrom("A", "=", ":", "'", '"', "\\", "$", "{", "}", " ", "\n", "#", "\r", "n"),
  });

  test("is read without a throw, and every place is inside of it", () => {
    fc.assert(
      fc.property(text, (input) => {
        for (const file of [parseDotenv(input, { lookup: outside }), parseRawEnvFile(input, outside)])
          for (const { offset, length } of [...file.entries, ...file.problems, ...file.warnings])
            expect(offset >= 0 && length >= 0 && offset + length <= input.length).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("survives in single quotes", () => {
    const value = fc.string({ unit: "binary" }).filter((each) => !each.includes("\\"));
    fc.assert(
      fc.property(value, (input) => {
        const file = parseDotenv(`A='${input.replaceAll("'", "\\'")}'\nB=end`, { lookup: outside });
        expect(variables(file)).toEqual({ A: input, B: "end" });
      }),
    );
  });
});
