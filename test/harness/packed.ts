import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { projectRoot } from "./cli.ts";

const exec = promisify(execFile);

export interface Installed {
  readonly folder: string;
  /** What is in the package. */
  readonly packed: readonly string[];
}

/** What npm would publish, installed into an empty folder, where `tools` of ours are at hand as well. */
export async function installPackage(tools: readonly string[] = []): Promise<Installed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-package-"));
  // Without its prepack script, which clears away what CLIs of other tests have yet to load.
  await exec(process.execPath, ["scripts/build.mjs"], { cwd: projectRoot });
  const { stdout } = await exec("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: projectRoot,
  });
  const [{ filename, files }] = parsePacked(stdout);
  await writeFile(path.join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await exec("npm", ["install", ...quiet, `./${filename}`], { cwd: folder });
  for (const tool of tools) {
    const place = path.join(folder, "node_modules", tool);
    await mkdir(path.dirname(place), { recursive: true });
    await rm(place, { recursive: true, force: true });
    await symlink(path.join(projectRoot, "node_modules", tool), place);
  }
  return { folder, packed: files.map((file) => file.path) };
}

function parsePacked(json: string): readonly [{ filename: string; files: readonly { path: string }[] }] {
  const start = json.search(/^[[{]/m); // the build, run by prepack, may say something before
  return JSON.parse(json.slice(start)) as [{ filename: string; files: { path: string }[] }];
}
