// Builds what `npm pack` ships: the compiled schema, the bundled CLI and the typed library.
// Each part is skipped when nothing that it is made from has changed, so running this again costs almost nothing.
import { existsSync } from "node:fs";
import path from "node:path";

import { bundleCli } from "./build/cli.mjs";
import { buildLibrary } from "./build/library.mjs";
import { withLock } from "./build/lock.mjs";
import { fingerprint, readStamp, writeStamp } from "./build/stamp.mjs";

const root = path.resolve(import.meta.dirname, "..");
process.chdir(root);

// In this order: the bundle and the library both contain the schema.
const parts = [
  {
    name: "schema",
    from: ["schemas", "scripts/schema.mjs", "scripts/build", "package-lock.json"],
    makes: "src/loader/generated/schema.js",
    build: async () => (await import("./schema.mjs")).buildSchema(),
  },
  {
    name: "cli",
    from: ["src", "scripts/build", "tsconfig.json", "package.json", "package-lock.json"],
    makes: "dist/cli.js",
    build: bundleCli,
  },
  {
    name: "library",
    from: ["src", "scripts/build", "tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"],
    makes: "dist/lib/index.js",
    build: buildLibrary,
  },
];

// node scripts/build.mjs [--force] [schema] [cli] [library]; --force builds in any case, and leaves nothing old behind
const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const wanted = parts.filter((part) => named.length === 0 || named.includes(part.name));
const force = process.argv.includes("--force");
await withLock("node_modules/.cache/tscompose-build/lock", buildAll);

async function buildAll() {
  for (const part of wanted) {
    const now = await fingerprint(part.from);
    if (!force && existsSync(part.makes) && (await readStamp(part.name)) === now) continue;
    const started = performance.now();
    try {
      await part.build({ clean: force });
    } catch (error) {
      console.error(`build: the ${part.name} could not be built\n${error.message}`);
      process.exitCode = 1;
      return;
    }
    await writeStamp(part.name, now);
    console.error(`build: ${part.name} (${Math.round(performance.now() - started)} ms)`);
  }
}
