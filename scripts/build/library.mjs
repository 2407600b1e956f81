// The library stays unbundled: one .js and one .d.ts beside each source file, so that programs can be debugged through it.
import { execFile } from "node:child_process";
import { cp, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

export async function buildLibrary() {
  await rm("dist/lib", { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);
  } catch (error) {
    throw new Error(error.stdout || error.message, { cause: error });
  }
  // These are JavaScript already; the compiler does not carry them over.
  await cp("src/loader/generated", "dist/lib/loader/generated", { recursive: true });
  await cp("src/loader/code/runner.mjs", "dist/lib/loader/code/runner.mjs");
  await writeFile("dist/lib/package.json", '{ "type": "module" }\n');
}
