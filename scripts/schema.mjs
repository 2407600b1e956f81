// Compiles schemas/compose.schema.json into plain JavaScript: ajv itself, and 170 ms of compiling at every start, stay
// out of the CLI. `buildSchema` is a step of scripts/build.mjs; `node scripts/schema.mjs` runs it alone.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "src/loader/generated");

const declaration = `import type { ErrorObject } from "ajv";
export declare const validate: { (data: unknown): boolean; errors?: readonly ErrorObject[] | null };
`;

export async function buildSchema() {
  const schema = JSON.parse(await readFile(path.join(root, "schemas/compose.schema.json"), "utf8"));
  const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, code: { source: true, esm: true } });
  ajv.compile(schema);
  const code = standaloneCode.default(ajv, { validate: schema.$id });
  // Standalone code still requires small pieces of ajv's runtime; bundling makes it one module without imports.
  const bundled = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    write: false,
  });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "validate.js"), bundled.outputFiles[0].contents);
  await writeFile(path.join(folder, "validate.d.ts"), declaration);
}

if (process.argv[1] === import.meta.filename) await buildSchema();
