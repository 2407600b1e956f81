import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { doubleDollars, printJson, printYaml } from "../../src/loader/print.ts";
import { treeDocument } from "../../src/loader/tree-document.ts";
import { readYaml } from "../../src/loader/yaml/read.ts";
import { yamlStyle, type Document } from "../../src/model/document.ts";

// The layout is docker compose's, compared with its output on some thousand random texts when this was written.
test("a document in docker compose's layout", () => {
  const document = new Map<string, Document>([
    ["name", "demo"],
    [
      "list",
      [
        "a",
        ["b", "c"],
        new Map<string, Document>([
          ["d", 1],
          ["e", []],
        ]),
      ],
    ],
    ["empty", new Map()],
    ["nothing", null],
    ["block", "one\n\n two\n"],
    [
      "map",
      new Map<string, Document>([
        ["true", true],
        ["1.5", 1.5],
        ["1e21", 1e21],
        ["small", 0.00001],
      ]),
    ],
  ]);
  expect(printYaml(document)).toMatchInlineSnapshot(`
    "name: demo
    list:
      - a
      - - b
        - c
      - d: 1
        e: []
    empty: {}
    nothing: null
    block: |
      one

       two
    map:
      "true": true
      "1.5": 1.5
      "1e21": 1e+21
      small: 1e-05
    "
  `);
  expect(printJson(document)).toMatchInlineSnapshot(`
    "{
      "name": "demo",
      "list": [
        "a",
        [
          "b",
          "c"
        ],
        {
          "d": 1,
          "e": []
        }
      ],
      "empty": {},
      "nothing": null,
      "block": "one\\n\\n two\\n",
      "map": {
        "true": true,
        "1.5": 1.5,
        "1e21": 1e+21,
        "small": 0.00001
      }
    }"
  `);
});

describe("a text is written", () => {
  test.each([
    ["plain", "plain"],
    ["with space", "with space"],
    ["1", '"1"'],
    ["1_000", '"1_000"'],
    ["0x1F", '"0x1F"'],
    [".5", '".5"'],
    ["y", '"y"'],
    ["No", '"No"'],
    ["null", '"null"'],
    ["~", '"~"'],
    ["", '""'],
    ["22:22", '"22:22"'],
    ["2001-01-01", '"2001-01-01"'],
    ["a: b", "'a: b'"],
    ["a #b", "'a #b'"],
    ["- a", "'- a'"],
    ["-a", "-a"],
    ["*a", "'*a'"],
    ["it's", "it's"],
    ["'quoted'", "'''quoted'''"],
    [" lead", "' lead'"],
    ["tab\there", '"tab\\there"'],
    ["nul\0", '"nul\\0"'],
    ["😀", '"\\U0001F600"'],
    ["é☃中", "é☃中"],
    ["a\nb", "|-\n  a\n  b"],
    ["a\n\n", "|+\n  a\n"],
    [" a\nb", "|2-\n   a\n  b"],
    ["a \nb", '"a \\nb"'],
    ["---", "'---'"],
  ])("%j as %s", (text, written) => {
    expect(printYaml(new Map([["k", text]]))).toBe(`k: ${written}\n`);
  });
});

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom("a", "1", " ", "\n", "\t", ":", "#", "-", "'", '"', "\\", "|", "&", "~", "e", ".", "_"),
  }),
  fc.constantFrom("true", "no", "0o17", "1e3", ".inf", "<<", "=", "2020-1-1", "1:30"),
);
const key = text.filter((each) => each !== "<<" && each.length < 120);
const value = fc.letrec<{ readonly value: Document }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries): Document => new Map(entries)),
  ),
})).value;

test("whatever is printed as YAML reads back the same", async () => {
  await fc.assert(
    fc.asyncProperty(value, async (each) => {
      const document = new Map([["k", each]]);
      const source = { path: "/printed.yaml", text: printYaml(document) };
      const [read] = (await readYaml(source, (problem) => expect.fail(`${problem.message}\n${source.text}`))) ?? [];
      if (read?.root?.kind !== "map") throw new Error(source.text);
      expect(plain(treeDocument(read.root, yamlStyle))).toEqual(plain(document));
    }),
    { numRuns: 500 },
  );
});

test("whatever is printed as JSON is JSON", () => {
  fc.assert(
    fc.property(value, (each) => {
      expect(JSON.parse(printJson(each))).toEqual(plain(each));
    }),
  );
});

test("a dollar is doubled, so that it survives the next reading", () => {
  expect(doubleDollars("a$b $$ ${c}")).toBe("a$$b $$$$ $${c}");
});

function plain(document: Document): unknown {
  if (document instanceof Map) return Object.fromEntries(Array.from(document, ([name, each]) => [name, plain(each)]));
  return Array.isArray(document) ? document.map((each: Document) => plain(each)) : document;
}

test("a word is quoted in the cases in which YAML knows it", () => {
  const words = ["yes", "Yes", "YES", "yEs", "NULL", "nULL", ".NaN", ".nAn"];
  expect(
    printYaml(new Map([["words", words]]))
      .trimEnd()
      .split("\n")
      .slice(1),
  ).toEqual(['  - "yes"', '  - "Yes"', '  - "YES"', "  - yEs", '  - "NULL"', "  - nULL", '  - ".NaN"', "  - .nAn"]);
});
