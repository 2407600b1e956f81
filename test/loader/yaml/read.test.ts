import { describe, expect, test } from "vitest";

import { readYaml } from "../../../src/loader/yaml/read.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import { formatDiagnostics } from "../../../src/render/diagnostic.ts";
import { plain } from "../tree-text.ts";

interface Read {
  readonly documents: readonly unknown[] | undefined;
  readonly cleared: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

async function read(text: string): Promise<Read> {
  const diagnostics: Diagnostic[] = [];
  const documents = await readYaml({ path: "/demo/compose.yaml", text }, (each) => diagnostics.push(each));
  return {
    documents: documents?.map(({ root }) => plain(root)),
    cleared: documents?.flatMap(({ cleared }) => cleared.map((path) => path.join("."))) ?? [],
    diagnostics,
  };
}

describe("documents", () => {
  test.each<[what: string, text: string, expected: readonly unknown[]]>([
    ["one", "a: 1\n", [{ a: 1 }]],
    ["none", "# nothing\n\n", []],
    ["one that is empty", "---\n", [null]],
    ["several", "a: 1\n---\nb: 2\n...\n", [{ a: 1 }, { b: 2 }]],
    ["a list", "- a\n- b\n", [["a", "b"]]],
    ["line ends of Windows", "a: 1\r\nb:\r\n  - x\r\n", [{ a: 1, b: ["x"] }]],
    ["texts of several lines", "a: |\n  x\n   y\nb: >-\n  x\n  y\nc: x\n  y\n", [{ a: "x\n y\n", b: "x y", c: "x y" }]],
    ["a text that the file ends in", "a: >\n  x\n  y", [{ a: "x y" }]],
    ["escapes", "a: \"\\x41\\n\\u00e9\"\nb: 'it''s'\n", [{ a: "A\né", b: "it's" }]],
    ["JSON", '{"a": [1, true, null, "x"]}', [{ a: [1, true, null, "x"] }]],
    [
      "numbers as docker compose reads them",
      "a: [010, 0o17, 0b11, 1_000, 1e3, 22:22, yes, 2024-01-01]",
      [{ a: [8, 15, 3, 1000, 1000, "22:22", "yes", "2024-01-01"] }],
    ],
    [
      "tags",
      "a: !!str 12\nb: !mine 12\nc: !!int '3'\nd: !!binary aGk=\ne: ! 5\n",
      [{ a: "12", b: "12", c: 3, d: "hi", e: "5" }],
    ],
    [
      "a key that looks dangerous",
      "__proto__: 1\nconstructor: 2\n",
      [
        Object.fromEntries([
          ["__proto__", 1],
          ["constructor", 2],
        ]),
      ],
    ],
  ])("%s", async (_, text, expected) => {
    const { documents, diagnostics } = await read(text);
    expect(diagnostics).toEqual([]);
    expect(documents).toEqual(expected);
  });
});

describe("anchors and merge keys", () => {
  test.each<[what: string, text: string, expected: unknown]>([
    ["an alias is the value", "a: &x {b: 1}\nc: *x\n", { a: { b: 1 }, c: { b: 1 } }],
    ["the last anchor of a name before it", "a: &x 1\nb: &x 2\nc: *x\n", { a: 1, b: 2, c: 2 }],
    [
      "own keys win, wherever they stand",
      "a: &x {p: 1, q: 1}\nb: {q: 2, <<: *x}\n",
      { a: { p: 1, q: 1 }, b: { q: 2, p: 1 } },
    ],
    [
      "of several the earlier wins",
      "a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc: {<<: [*x, *y]}\n",
      { a: { p: 1 }, b: { p: 2, q: 2 }, c: { p: 1, q: 2 } },
    ],
    [
      "an alias to a list of mappings",
      "a: &l [{p: 1}, {q: 2}]\nb:\n  <<: *l\n",
      { a: [{ p: 1 }, { q: 2 }], b: { p: 1, q: 2 } },
    ],
    ["in quotes it is a key like any other", "a: {'<<': {b: 1}}\n", { a: { "<<": { b: 1 } } }],
    ["an alias as a key", "a: &k name\n*k : x\n", { a: "name", name: "x" }],
  ])("%s", async (_, text, expected) => expect((await read(text)).documents).toEqual([expected]));
});

describe("tags of an override", () => {
  test.each<[text: string, root: unknown, cleared: readonly string[]]>([
    ["a: !reset\nb: 1\n", { b: 1 }, ["a"]],
    ["a: !reset {x: 1}\n", {}, ["a"]],
    ["a: {b: !override [1]}\n", { a: { b: [1] } }, ["a.b"]],
    ["a: !override 010\n", { a: "010" }, ["a"]],
    ["a: !override null\n", { a: null }, ["a"]],
    ["a: !override false\n", { a: false }, ["a"]],
    ["a: [!reset x, y]\n", { a: ["y"] }, []],
    ["a: &r !reset null\nb: *r\nc: {d: *r}\n", { c: {} }, ["a", "b", "c.d"]],
  ])("%s", async (text, root, cleared) => {
    expect(await read(text)).toEqual({ documents: [root], cleared, diagnostics: [] });
  });
});

test.each<[text: string, message: string, hint: string | undefined]>([
  ["a:\n\tb: 1\n", "this is not YAML: a tab may not indent a line", "indent with blanks"],
  [
    "a: [1, 2\nb: 3\n",
    'this is not YAML: "[" is opened but not closed',
    'close it with "]", and indent the lines up to there further than its key',
  ],
  [
    "a: {x: 1\n",
    'this is not YAML: "{" is opened but not closed',
    'close it with "}", and indent the lines up to there further than its key',
  ],
  ['a: "x\nb: c\n', "this is not YAML: a quote is opened but not closed", 'close it with "'],
  [
    "a:\n    b: x\n   c: y\n",
    "this is not YAML: this line is indented unlike its neighbours",
    "entries of one mapping or list start in the same column",
  ],
  [
    "a: b: c\n",
    "this is not YAML: a value may not contain a further key",
    'quote the value if ": " is part of it, or start the inner mapping on its own line',
  ],
  ["a:\n  image:x\n  b: 1\n", 'this is not YAML: "image:x" is no "key: value"', 'put a blank after the ":"'],
  ["a:\n  b\n  c: 1\n", 'this is not YAML: "b" is no "key: value"', 'a key is followed by ":" and a blank'],
  [
    "a:\n  b: 1\n  - c\n",
    "this is not YAML: a list item stands among the keys of a mapping",
    'either all entries start with "- ", or none; is the indentation right?',
  ],
  ["a: @b\n", 'this is not YAML: a value may not start with "@"', "put the value in quotes"],
  [
    'a: "\\d"\n',
    'this is not YAML: "\\d" is no escape',
    "in double quotes write \\\\ for a backslash, or use single quotes",
  ],
  [
    'a: "x" y\n',
    'this is not YAML: "y" follows a value that is complete',
    "quote the whole value, or remove what follows; is the indentation right?",
  ],
  [
    "a: *.js\n",
    'there is no anchor ".js" before this alias',
    "define it before with &.js, or quote the value if the * is meant literally",
  ],
  ["a: &x [*x]\n", 'cycle detected: the alias "*x" stands inside its own anchor', undefined],
  ["a: 1\na: 2\n", 'the key "a" is already defined in this mapping', "remove one, or put both values under one key"],
  [
    "a: {<<: {}, <<: {}}\n",
    'the key "<<" is already defined in this mapping',
    "merge several mappings with a list: <<: [*a, *b]",
  ],
  [
    "a: {<<: 5}\n",
    "the merge key << needs a mapping, or a list of mappings",
    "write an alias to a mapping after <<, or a list of them",
  ],
  ["a: {1: x}\n", "non-string key in a: 1 is a number", 'quote it: "1"'],
  ["true: x\n", "non-string key at the top: true is a boolean", 'quote it: "true"'],
  [
    "a: {{ b }}\n",
    "non-string key in a: a key may not be a mapping",
    "if the brackets are meant literally, quote the whole value",
  ],
  [
    "a: b\u0007\n",
    "the file contains the control character U+0007",
    "a Compose file is plain text; is this the right file?",
  ],
])("%j", async (text, message, hint) => {
  const { documents, diagnostics } = await read(text);
  expect(documents).toBeUndefined();
  expect(diagnostics.map((each) => [each.message, each.hint])).toEqual([[message, hint]]);
});

test("places are those of the mistake", async () => {
  const { diagnostics } = await read('services:\n  web:\n    image: x\n    command: "echo\n    image: y\n');
  const duplicates = await read("services:\n  web:\n    image: x\n    image: y\n");
  const shown = formatDiagnostics([...diagnostics, ...duplicates.diagnostics], { colour: false, cwd: "/demo" });
  expect(`\n${shown}`).toMatchInlineSnapshot(`
    "
    error: this is not YAML: a quote is opened but not closed
      compose.yaml:4:14
        3 │     image: x
        4 │     command: "echo
          │              ^^^^^
      hint: close it with "

    error: the key "image" is already defined in this mapping
      compose.yaml:4:5
        3 │     image: x
        4 │     image: y
          │     ^^^^^
      note: first defined here
      compose.yaml:3:5
        3 │     image: x
          │     ^^^^^
      hint: remove one, or put both values under one key

    2 errors
    "
  `);
});
