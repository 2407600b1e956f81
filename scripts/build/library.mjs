// The library stays unbundled, so that programs can be debugged through it; types are of what is public.
import { execFile } from "node:child_process";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

export async function buildLibrary() {
  await rm("dist/lib", { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);
  } catch (error) {
    throw new Error(error.stdout || error.message, { cause: error });
  }
  await removeInnerTypes("dist/lib", ["index", "testing/index", "testing/vitest"]);
  // These are JavaScript already; the compiler does not carry them over.
  await cp("src/loader/generated", "dist/lib/loader/generated", { recursive: true });
  await cp("src/loader/code/runner.mjs", "dist/lib/loader/code/runner.mjs");
  await writeFile("dist/lib/package.json", '{ "type": "module" }\n');
}

/** Declarations that nothing public refers to: no program can import them, and editors would read them for nothing. */
async function removeInnerTypes(folder, entries) {
  const needed = new Set();
  const visit = async (file) => {
    if (needed.has(file)) return;
    needed.add(file);
    const text = await readFile(file, "utf8");
    for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      await visit(path.join(path.dirname(file), specifier.replace(/\.[jt]s$/, ".d.ts")));
    }
  };
  for (const entry of entries) await visit(path.join(folder, `${entry}.d.ts`));
  const all = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".d.ts"));
  for (const name of all) if (!needed.has(path.join(folder, name))) await rm(path.join(folder, name));
}
