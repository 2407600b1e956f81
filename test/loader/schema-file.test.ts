import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { schema as compiled } from "../../src/loader/generated/schema.js";

interface Node {
  readonly [keyword: string]: unknown;
}

const file: Node = JSON.parse(readFileSync("schemas/compose.schema.json", "utf8"));

/** Every schema inside of the schema, with its place. */
function* nodes(node: Node, place = "#"): Generator<readonly [string, Node]> {
  yield [place, node];
  for (const keyword of ["properties", "patternProperties", "$defs"])
    for (const [name, part] of Object.entries(isNode(node[keyword]) ? node[keyword] : {}))
      if (isNode(part)) yield* nodes(part, `${place}/${keyword}/${name}`);
  for (const keyword of ["items", "additionalProperties"])
    if (isNode(node[keyword])) yield* nodes(node[keyword], `${place}/${keyword}`);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

describe("schemas/compose.schema.json", () => {
  test("describes every property and every definition", () => {
    const silent = [...nodes(file)].filter(
      ([place, { description }]) => /\/(properties|\$defs)\/[^/]+$/.test(place) && typeof description !== "string",
    );
    expect(silent.map(([place]) => place)).toEqual([]);
  });

  test("says of every object whether other keys are allowed", () => {
    const open = [...nodes(file)].filter(([, node]) => node["properties"] && node["additionalProperties"] !== false);
    expect(open.map(([place]) => place)).toEqual(["#/$defs/gpu_request"]);
  });

  test("lets extensions into every object with known keys", () => {
    const closed = [...nodes(file)].filter(
      ([, { properties, patternProperties, additionalProperties }]) =>
        properties && additionalProperties === false && !(isNode(patternProperties) && "^x-" in patternProperties),
    );
    expect(closed).toEqual([]);
  });

  test("refers only to its own definitions, and to all of them", () => {
    const used = [...nodes(file)].flatMap(([, { $ref }]) => (typeof $ref === "string" ? [$ref] : []));
    const defined = Object.keys(isNode(file["$defs"]) ? file["$defs"] : {}).map((name) => `#/$defs/${name}`);
    expect([...new Set(used)].sort()).toEqual(defined.sort());
  });

  test("knows all keys of a service", () => {
    const service = [...nodes(file)].find(([place]) => place === "#/$defs/service")?.[1];
    expect(Object.keys(isNode(service?.["properties"]) ? service["properties"] : {})).toHaveLength(93);
  });
});

test("the loader understands every keyword that the compiled schema uses", () => {
  const keywords = new Set([...nodes(isNode(compiled) ? compiled : {})].flatMap(([, node]) => Object.keys(node)));
  expect([...keywords].sort()).toEqual([
    "$defs",
    "$ref",
    "additionalProperties",
    "enum",
    "items",
    "maximum",
    "minimum",
    "pattern",
    "patternProperties",
    "properties",
    "required",
    "type",
    "uniqueItems",
  ]);
});

test("src/model/compose-document.ts is what the schema says", () => {
  const types = execFileSync(process.execPath, ["scripts/schema.mjs", "--types"], { encoding: "utf8" });
  expect(readFileSync("src/model/compose-document.ts", "utf8")).toBe(types);
});
