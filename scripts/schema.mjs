// Makes of schemas/compose.schema.json what the loader checks documents against, and the TypeScript type of a Compose
// document, which is committed. `buildSchema` is a step of scripts/build.mjs; `node scripts/schema.mjs` runs it alone,
// with --types it prints the type.
//
// The loader walks its own trees with their places, so it needs the schema as data and not ajv's validator: that is
// 170 kB of code to load at every start, wants plain values, and answers without places. ajv stays the judge: here of
// the schema, in test/loader/schema.test.ts of our answers.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";

import { documentTypes } from "./build/document-types.mjs";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "src/loader/generated");
const typesFile = path.join(root, "src/model/compose-document.ts");

const declaration = `/** schemas/compose.schema.json without what only people read. */
export declare const schema: unknown;
`;

export async function buildSchema() {
  const schema = await readSchema();
  new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  await mkdir(folder, { recursive: true });
  // Parsing JSON is faster than running the same as an object literal.
  const text = JSON.stringify(JSON.stringify(withoutAnnotations(schema)));
  await writeIfChanged(path.join(folder, "schema.js"), `export const schema = JSON.parse(${text});\n`);
  await writeIfChanged(path.join(folder, "schema.d.ts"), declaration);
  await writeIfChanged(typesFile, documentTypes(schema));
}

async function readSchema() {
  return JSON.parse(await readFile(path.join(root, "schemas/compose.schema.json"), "utf8"));
}

const annotations = new Set(["$schema", "$id", "title", "description", "default", "deprecated", "examples"]);

/** Only where the schema speaks; under `properties` the same words are names of keys. */
function withoutAnnotations(schema) {
  if (typeof schema !== "object") return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !annotations.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (["properties", "patternProperties", "$defs"].includes(keyword)) {
        const parts = Object.entries(value).map(([name, part]) => [name, withoutAnnotations(part)]);
        return [keyword, Object.fromEntries(parts)];
      }
      return [keyword, ["items", "additionalProperties"].includes(keyword) ? withoutAnnotations(value) : value];
    }),
  );
}

/** Leaves the time of an unchanged file alone, so that nothing is built again because of it. */
async function writeIfChanged(file, text) {
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== text) await writeFile(file, text);
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes("--types")) process.stdout.write(documentTypes(await readSchema()));
  else await buildSchema();
}
