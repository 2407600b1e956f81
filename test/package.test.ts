// What npm would publish: packed, installed into an empty folder, and used from there.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, test } from "vitest";

import { projectRoot } from "./harness/cli.ts";

const exec = promisify(execFile);
let folder = "";
let packed: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tst-package-"));
  // Without its prepack script, which clears away what CLIs of other tests have yet to load.
  await exec(process.execPath, ["scripts/build.mjs"], { cwd: projectRoot });
  const { stdout } = await exec("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: projectRoot,
  });
  const [{ filename, files }] = parsePacked(stdout);
  packed = files.map((file) => file.path);
  await writeFile(path.join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await exec("npm", ["install", ...quiet, `./${filename}`], { cwd: folder });
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the package holds what users need and nothing of the workshop", () => {
  const places = new Set(packed.map((file) => file.replace(/^(dist\/(chunks|lib)|schemas)\/.*/, "$1/…")));
  expect([...places].sort()).toMatchInlineSnapshot(`
    [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/chunks/…",
      "dist/cli.js",
      "dist/lib/…",
      "dist/package.json",
      "package.json",
      "schemas/…",
    ]
  `);
});

test("its command runs", async () => {
  await writeFile(path.join(folder, "compose.yaml"), "name: packed\nservices: { web: { image: busybox } }\n");
  const { stdout } = await exec(path.join(folder, "node_modules/.bin/tscompose"), ["config", "--services"], {
    cwd: folder,
  });
  expect(stdout).toBe("web\n");
});

test("its library can be imported, and is typed", async () => {
  const program = 'import * as tscompose from "tscompose"; console.log(Object.keys(tscompose).length > 0);';
  const { stdout } = await exec(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
  expect(stdout).toBe("true\n");
  expect(packed).toContain("dist/lib/index.d.ts");
});

function parsePacked(json: string): readonly [{ filename: string; files: readonly { path: string }[] }] {
  const start = json.search(/^[[{]/m); // the build, run by prepack, may say something before
  return JSON.parse(json.slice(start)) as [{ filename: string; files: { path: string }[] }];
}
