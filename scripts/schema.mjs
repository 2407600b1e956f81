// Compiles schemas/compose.schema.json into plain JavaScript: ajv itself, and 170 ms of compiling at every start, stay
// out of the CLI. Also writes the TypeScript type of a Compose document, which is committed.
// `buildSchema` is a step of scripts/build.mjs; `node scripts/schema.mjs` runs it alone, with --types it prints the type.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { _, Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

import { documentTypes } from "./build/document-types.mjs";
import { keysByPlace, placesByKey } from "./build/schema-keys.mjs";
import equalItems from "./build/unique-items.mjs";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "src/loader/generated");
const typesFile = path.join(root, "src/model/compose-document.ts");

const declaration = `export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export declare const validate: { (data: unknown): boolean; errors?: readonly SchemaError[] | null };
/** Place in the schema → the keys that a mapping there may have; empty: its keys are names. */
export declare const keysByPlace: Readonly<Record<string, readonly string[]>>;
/** Key → where it belongs: "ports" → "services.*". */
export declare const placesByKey: Readonly<Record<string, readonly string[]>>;
`;

export async function buildSchema() {
  const schema = await readSchema();
  await mkdir(folder, { recursive: true });
  await writeIfChanged(path.join(folder, "validate.js"), await compile(schema));
  await writeIfChanged(path.join(folder, "validate.d.ts"), declaration);
  await writeIfChanged(typesFile, documentTypes(schema));
}

async function readSchema() {
  return JSON.parse(await readFile(path.join(root, "schemas/compose.schema.json"), "utf8"));
}

async function compile(schema) {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    allowUnionTypes: true,
    // One function for each definition instead of a copy at each use.
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword(uniqueItems);
  ajv.compile(withoutAnnotations(schema));
  const code = [
    standaloneCode.default(ajv, { validate: schema.$id }),
    `export const keysByPlace = ${JSON.stringify(keysByPlace(schema))};`,
    `export const placesByKey = ${JSON.stringify(placesByKey(schema))};`,
  ];
  // Standalone code still requires small pieces from elsewhere; bundling makes it one module without imports.
  const bundled = await build({
    stdin: { contents: code.join("\n"), resolveDir: root },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    write: false,
  });
  return bundled.outputFiles[0].text;
}

/**
 * The compiled code carries parts of the schema with it, and descriptions would be most of them. Without `$schema` ajv
 * compiles by its default draft, in which all our keywords mean the same and the code is smaller.
 */
function withoutAnnotations(schema) {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (annotations.has(key) && typeof value !== "object" ? undefined : value)),
  );
}

const annotations = new Set(["description", "title", "default", "deprecated", "$schema"]);

const uniqueItems = {
  keyword: "uniqueItems",
  type: "array",
  schemaType: "boolean",
  error: { params: ({ params }) => _`{pairs: ${params.pairs}}` },
  code(context) {
    const find = context.gen.scopeValue("func", {
      ref: equalItems,
      code: _`require("./scripts/build/unique-items.mjs").default`,
    });
    const pairs = context.gen.const("pairs", _`${find}(${context.data})`);
    context.setParams({ pairs });
    context.fail(_`${pairs}.length > 0`);
  },
};

/** Leaves the time of an unchanged file alone, so that nothing is built again because of it. */
async function writeIfChanged(file, text) {
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== text) await writeFile(file, text);
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes("--types")) process.stdout.write(documentTypes(await readSchema()));
  else await buildSchema();
}
