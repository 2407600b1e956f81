// What npm would publish: packed, installed into an empty folder, and used from there.
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, test } from "vitest";

import { installPackage } from "./harness/packed.ts";

const exec = promisify(execFile);
let folder = "";
let packed: readonly string[] = [];

beforeAll(async () => {
  ({ folder, packed } = await installPackage());
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the package holds what users need and nothing of the workshop", () => {
  const places = new Set(packed.map((file) => file.replace(/^(dist\/(chunks|lib)|schemas|docs)\/.*/, "$1/…")));
  expect([...places].sort()).toMatchInlineSnapshot(`
    [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/chunks/…",
      "dist/cli.js",
      "dist/lib/…",
      "dist/package.json",
      "docs/…",
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

test("its command runs a compose file that is a program", async () => {
  const code = path.join(folder, "code");
  await mkdir(code);
  await writeFile(
    path.join(code, "compose.ts"),
    'import { defineCompose, type ComposeDocument } from "tscompose";\n' +
      'const name: string = "web";\n' +
      'export default defineCompose({ services: { [name]: { image: "busybox" } } } satisfies ComposeDocument);\n',
  );
  const { stdout } = await exec(path.join(folder, "node_modules/.bin/tscompose"), ["config", "--images"], {
    cwd: code,
  });
  expect(stdout).toBe("busybox\n");
});

test("its library can be imported, and is typed", async () => {
  const program =
    'for (const name of ["", "/testing"]) console.log(Object.keys(await import("tscompose" + name)).join());';
  const { stdout } = await exec(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
  expect(stdout.split("\n")).toEqual([
    "CancelledError,EngineError,PlanError,ProjectError,UsageError,connect,defaultUpOptions,defineCompose,execute," +
      "formatPlan,listProjects,loadProject,observe,openCompose,override,planUp,reset",
    "NotReadyError,joinProject,startProject",
    "",
  ]);
  expect(packed).toContain("dist/lib/index.d.ts");
});

test("CommonJS has it by import, and by require where Node can do that", async () => {
  const commonJs = (program: string): Promise<{ readonly stdout: string }> =>
    exec(process.execPath, ["--input-type=commonjs", "-e", program], { cwd: folder });
  const imported = await commonJs('import("tscompose").then(({ openCompose }) => console.log(typeof openCompose))');
  expect(imported.stdout).toBe("function\n");
  const required = commonJs('console.log(typeof require("tscompose").openCompose)');
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const can = major >= 23 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  if (can) expect((await required).stdout).toBe("function\n");
  else await expect(required).rejects.toThrow("ERR_REQUIRE_ESM");
});
