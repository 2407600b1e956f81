// Remembers from which sources something was built. Contents, not times: a fresh clone or a switch of branches
// changes every mtime and nothing else.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

// Not in dist: that is published.
const folder = "node_modules/.cache/tscompose-build";

export async function fingerprint(sources) {
  const hash = createHash("sha256").update(process.version);
  for (const source of sources) {
    for (const file of await filesUnder(source))
      hash
        .update(`${file}\0`)
        .update(await readFile(file))
        .update("\0");
  }
  return hash.digest("hex");
}

export async function readStamp(name) {
  return readFile(path.join(folder, name), "utf8").catch(() => undefined);
}

export async function writeStamp(name, value) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, name), value);
}

async function filesUnder(source) {
  try {
    const entries = await readdir(source, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    return files.sort();
  } catch (error) {
    if (error.code === "ENOTDIR") return [source];
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
