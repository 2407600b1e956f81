// Packages that most runs never need, each a bundle of its own beside the CLI's: what is not read costs nothing.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/** In this order: a package comes after those it requires itself. */
const packages = ["yaml", "listr2", "tar-stream", "chokidar", "acorn", "@sveltejs/acorn-typescript"];

/** Bundles each of them; `plugin` makes the CLI's own bundle require those, and `files` are what is to be written. */
export async function bundleApart(options) {
  const files = new Map();
  const names = new Map();
  const plugin = {
    name: "apart",
    setup({ onResolve }) {
      onResolve({ filter: /^[@a-z]/ }, ({ path: wanted, kind }) =>
        kind !== "entry-point" && names.has(wanted) ? { path: `./${names.get(wanted)}`, external: true } : undefined,
      );
    },
  };
  for (const name of packages) {
    const contents = await bundle(name, { ...options, plugins: [plugin] });
    const digest = createHash("sha256").update(contents).digest("hex").slice(0, 12);
    const file = `${name.replace(/^.*\//, "")}-${digest}.cjs`;
    names.set(name, file);
    files.set(file, contents);
  }
  return { plugin, files };
}

async function bundle(name, options) {
  const { outputFiles } = await build({ ...options, entryPoints: [fileURLToPath(import.meta.resolve(name))] });
  return outputFiles[0].contents;
}
