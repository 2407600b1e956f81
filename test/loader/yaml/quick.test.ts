// The small reader must see in a file just what the yaml package sees, places included, or leave the file to it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Tree } from "../../../src/loader/tree.ts";
import { composeYaml } from "../../../src/loader/yaml/compose.ts";
import { readQuickly } from "../../../src/loader/yaml/quick.ts";
import type { Source } from "../../../src/model/diagnostic.ts";

const examples = path.resolve(import.meta.dirname, "../../../examples");
const files = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((name) =>
  /compose.*\.ya?ml$/.test(name),
);

/** undefined: the quick one leaves it to the other, which is always allowed. */
function compare(text: string): { readonly quick: unknown; readonly whole: unknown } | undefined {
  const source: Source = { path: "compose.yaml", text };
  const quick = readQuickly(source);
  if (quick === undefined) return undefined;
  const problems: string[] = [];
  const whole = composeYaml(source, (problem) => {
    if (problem.severity === "error") problems.push(problem.message);
  });
  return {
    quick: quick.map(({ root }) => plain(root)),
    whole: problems.length > 0 ? problems : whole?.map(({ root }) => plain(root)),
  };
}

/** Everything that a tree says, without the source text in each place. */
function plain(tree: Tree): unknown {
  const at = `${tree.at.start}-${tree.at.end}`;
  if (tree.kind === "list") return { at, items: tree.items.map(plain) };
  if (tree.kind === "map") {
    return {
      at,
      entries: [...tree.entries].map(([key, entry]) => [
        key,
        `${entry.key.start}-${entry.key.end}`,
        plain(entry.value),
      ]),
    };
  }
  const { value, quoted, written } = tree;
  return { at, value: typeof value === "bigint" ? `${value}n` : value, quoted, written };
}

test.each(files)("%s", (name) => {
  const compared = compare(readFileSync(path.join(examples, name), "utf8"));
  expect(compared).toBeDefined();
  expect(compared?.quick).toEqual(compared?.whole);
});

describe("what is read quickly is read right", () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      "1",
      "010",
      "1.50",
      "true",
      "yes",
      "~",
      "null",
      "a b",
      "x: y",
      "'it''s'",
      '"q\\n"',
      "a#b",
      "a #c",
      "80:80",
      "2024-01-01",
      "-1",
      "''",
      "${A:-b}",
      "*a",
      "&a x",
      "!!str 1",
      "|",
      ">",
    ),
    fc.string({ unit: fc.constantFrom(...Array.from("ab :#-'\"[]{},&*!|>%@`\n")), maxLength: 8 }),
  );
  const key = fc.constantFrom("a", "b", "image", "x-y", "'quoted'", "1", "<<", "a b", "__proto__");
  const line = fc.tuple(
    fc.constantFrom("", "  ", "    ", "      "),
    fc.constantFrom("", "- "),
    key,
    fc.constantFrom(": ", ":", " : "),
    scalar,
  );
  const document = fc
    .array(
      fc.oneof(
        line.map((parts) => parts.join("")),
        fc.tuple(fc.constantFrom("", "  ", "    "), scalar).map(([indent, text]) => `${indent}- ${text}`),
        fc
          .tuple(fc.constantFrom("a: ", "  b: "), fc.array(scalar, { maxLength: 3 }))
          .map(([head, items]) => `${head}[${items.join(", ")}]`),
        fc.constantFrom("# comment", "", "---", "  # indented", "a:", "  b:", "    c: 1"),
      ),
      { maxLength: 8 },
    )
    // The yaml package ends a block scalar with a line break where the file has none; the quick one is right there.
    .map((lines) => `${lines.join("\n")}\n`);

  test("documents of odd lines", () => {
    fc.assert(
      fc.property(document, (text) => {
        const compared = compare(text);
        if (compared !== undefined) expect(compared.quick).toEqual(compared.whole);
      }),
      { numRuns: 5000 },
    );
  });
});
