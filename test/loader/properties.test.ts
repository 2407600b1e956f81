// What holds for every document, whatever it says.
import fc from "fast-check";
import { expect, test } from "vitest";

import { spanWithin } from "../../src/loader/blame.ts";
import { loadTree } from "../../src/loader/load.ts";
import type { ScalarTree, Tree } from "../../src/loader/tree.ts";
import { inFolder } from "./load-text.ts";
import { plain, treeOf } from "./tree-text.ts";

const name = fc.constantFrom("a", "b", "web", "__proto__", "x-y");
const word = fc.constantFrom("v", "", "a=b", "${SET}", "${GONE:-d}", "$$", "é", "80", "yes");
const value = fc.oneof(
  word,
  fc.integer({ min: -5, max: 70_000 }),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const pairs = fc.oneof(fc.dictionary(name, value), fc.uniqueArray(fc.tuple(name, word).map((pair) => pair.join("="))));
const service = fc.record(
  {
    image: word,
    command: fc.oneof(word, fc.array(word)),
    environment: pairs,
    labels: pairs,
    ports: fc.uniqueArray(fc.constantFrom("80", "8080:80", "127.0.0.1:1:2/udp", "3-5:3-5")),
    volumes: fc.uniqueArray(fc.constantFrom("/data", "./a:/a", "named:/b:ro", "~/c:/c")),
    cap_add: fc.uniqueArray(name),
    dns: fc.oneof(word, fc.uniqueArray(word)),
    deploy: fc.record({ labels: pairs, replicas: fc.nat(3) }, { requiredKeys: [] }),
    "x-extra": fc.object({ maxDepth: 2 }),
  },
  { requiredKeys: [] },
);
const file = fc.record({ services: fc.record({ web: service }) });
const environment = new Map([["SET", "set"]]);

test("an override that says nothing changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(file, async (document) => {
      const text = JSON.stringify(document);
      const alone = await treeOf({ "compose.yaml": text }, { environment });
      const overridden = await treeOf(
        { "compose.yaml": text, "compose.override.yaml": "services: {web: {}}\n" },
        { environment },
      );
      expect(anywhere(overridden.tree)).toEqual(anywhere(alone.tree));
    }),
    { numRuns: 60 },
  );
});

test("what replaces everything is all that counts", async () => {
  await fc.assert(
    fc.asyncProperty(file, file, async (base, override) => {
      const overriding = `services: {web: !override ${JSON.stringify(override.services.web)}}\n`;
      const alone = await treeOf({ "compose.yaml": JSON.stringify(override) }, { environment });
      const both = await treeOf(
        { "compose.yaml": JSON.stringify(base), "compose.override.yaml": overriding },
        { environment },
      );
      expect(anywhere(both.tree)).toEqual(anywhere(alone.tree));
    }),
    { numRuns: 60 },
  );
});

test("a service that adds nothing is the one it extends", async () => {
  await fc.assert(
    fc.asyncProperty(service, async (base) => {
      const { tree } = await treeOf(JSON.stringify({ services: { web: { extends: "base" }, base } }), { environment });
      const { services } = plain(tree) as { services: Record<string, unknown> };
      expect(services["web"]).toEqual(services["base"]);
    }),
    { numRuns: 60 },
  );
});

test("every value knows a place in a file that was read", async () => {
  await fc.assert(
    fc.asyncProperty(file, file, async (base, override) => {
      const files = {
        "compose.yaml": JSON.stringify(base, undefined, 2),
        "compose.override.yaml": JSON.stringify(override),
      };
      await inFolder(files, async (cwd) => {
        const { tree } = await loadTree({ cwd, environment });
        for (const node of nodesOf(tree)) {
          const { source, start, end } = node.at;
          expect(Object.values(files)).toContain(source.text);
          expect(0 <= start && start <= end && end <= source.text.length).toBe(true);
        }
      });
    }),
    { numRuns: 40 },
  );
});

test("a part of a text is found where it is written, or all of it is blamed", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "$", "{", "}", "\n", " ", "\\", '"'), maxLength: 12 });
  fc.assert(
    fc.property(
      text,
      fc.nat(12),
      fc.nat(5),
      fc.constantFrom(JSON.stringify, (each: string) => `'${each}'`),
      (value, offset, length, write) => {
        const written = `key: ${write(value)}\n`;
        const source = { path: "f", text: written };
        const scalar: ScalarTree = { kind: "scalar", at: { source, start: 5, end: written.length - 1 }, value };
        const span = spanWithin(scalar, { offset, length });
        const found = written.slice(span.start, span.end);
        const isAll = span.start === scalar.at.start && span.end === scalar.at.end;
        expect(isAll || found === value.slice(offset, offset + length)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

/** Each document is loaded in a folder of its own. */
function anywhere(tree: Tree): unknown {
  return JSON.parse(JSON.stringify(plain(tree)).replaceAll(/tscompose-loader-\w+/g, "folder"));
}

function nodesOf(tree: Tree): readonly Tree[] {
  switch (tree.kind) {
    case "scalar":
      return [tree];
    case "list":
      return [tree, ...tree.items.flatMap(nodesOf)];
    case "map":
      return [tree, ...Array.from(tree.entries.values()).flatMap((entry) => nodesOf(entry.value))];
  }
}
