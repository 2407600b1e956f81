import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { prepareModule, writtenOffset } from "../../../src/loader/code/module.ts";
import { parseCode } from "../../../src/loader/code/syntax.ts";

test("literals are passed through a function, each with its number", async () => {
  const text = "export default { a: [1, ...b], ...(c), get: () => ({ [d]: {} }) };\n";
  const { code, literals, exported } = await prepareModule({ path: "/demo/compose.js", text }, 5);
  expect(code).toBe(
    "export default $tscompose({ a: $tscompose([1, ...$tscompose.items(b,6,1)],6), ...($tscompose.entries(c,5,1)), " +
      "get: () => ($tscompose({ [d]: $tscompose({},8) },7)) },5);\n",
  );
  const shown = literals.map(({ slots }) =>
    slots.map(
      (slot) =>
        `${slot.kind} ${text.slice(slot.key.start, slot.key.end)} = ${text.slice(slot.value.start, slot.value.end)}`,
    ),
  );
  expect(shown).toEqual([
    ["named a = [1, ...b]", "spread ...(c) = ...(c)", "named get = () => ({ [d]: {} })"],
    ["item 1 = 1", "spread ...b = ...b"],
    ["computed d = {}"],
    [],
  ]);
  expect(text.slice(exported?.start, exported?.end)).toBe(text.slice("export default ".length, -2));
});

test("of all of our own code each place is found again", async () => {
  const src = path.resolve(import.meta.dirname, "../../../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  let places = 0;
  for (const file of files) {
    const text = readFileSync(path.join(src, file), "utf8");
    const module = await prepareModule({ path: path.join(src, file), text }, 0);
    await parseCode(module.code, "javascript");
    for (let offset = places % 97; offset < text.length; offset += 97) {
      const before = module.insertions
        .filter(({ at }) => at <= offset)
        .reduce((sum, each) => sum + each.text.length, 0);
      const lines = module.code.slice(0, offset + before).split("\n");
      const found = writtenOffset(module, lines.length, (lines.at(-1)?.length ?? 0) + 1);
      if (found !== offset) expect({ file, offset, found }).toEqual({ file, offset, found: offset });
      places += 1;
    }
  }
  expect(places).toBeGreaterThan(5000);
});
