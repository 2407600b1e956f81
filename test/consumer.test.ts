// The package as people use it who have installed it: docs/api.md word by word, its types, and its fixture in a project
// with a database.
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { removeProject } from "./harness/clean.ts";
import { projectRoot, type Ran } from "./harness/cli.ts";
import { readSections } from "./harness/documents.ts";
import { get } from "./harness/engine-api.ts";
import { ensureImage, testImages } from "./harness/images.ts";
import { installPackage } from "./harness/packed.ts";
import { runProgram, startProgram } from "./harness/program.ts";
import { uniqueName } from "./harness/project.ts";

const redis = "tscompose-test/redis";
let folder = "";
let packed: readonly string[] = [];

beforeAll(async () => {
  ({ folder, packed } = await installPackage(["vitest", "typescript", "@types/node"]));
  await Promise.all([ensureImage(redis), ensureImage(testImages.busybox)]);
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const api = await readFile(path.join(projectRoot, "docs/api.md"), "utf8");
const sections = readSections(api);

describe("docs/api.md", () => {
  test.each(sections.map(({ title, blocks }) => [title, blocks] as const))(
    "%s",
    { timeout: 120_000 },
    async (title, blocks) => {
      const place = path.join(folder, title.replaceAll(/\W+/g, "-").toLowerCase());
      await mkdir(place);
      for (const block of blocks) {
        const name = block.file ?? "main.mjs";
        const text = standIns(block.text);
        await writeFile(path.join(place, name), block.file === undefined ? await forNode(text) : text);
        if (block.file === undefined) await succeed([name], place);
        else if (name.endsWith(".test.ts")) await succeed([vitest(), "run"], place);
      }
    },
  );

  test("every example and every type is what it says it is", { timeout: 120_000 }, async () => {
    const place = path.join(folder, "types");
    await mkdir(place);
    const programs = sections.flatMap(({ blocks }) => blocks).filter(({ language }) => language === "ts");
    for (const [index, { text }] of programs.entries()) await writeFile(path.join(place, `example-${index}.ts`), text);
    await cp(path.join(projectRoot, "test/types/api.ts"), path.join(place, "api.ts"));
    const compilerOptions = {
      target: "es2023",
      lib: ["es2023", "esnext.disposable", "dom"],
      module: "nodenext",
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      skipLibCheck: true,
      noEmit: true,
    };
    await writeFile(path.join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    await succeed([path.join(folder, "node_modules/typescript/bin/tsc"), "-p", "."], place);
  });

  test("names all that is exported", async () => {
    const names = (
      await Promise.all(["index", "testing/index", "testing/vitest", "library/options"].map(exportsOf))
    ).flat();
    expect(names.length).toBeGreaterThan(80);
    expect([...new Set(names)].filter((name) => !api.includes(`\`${name}\``))).toEqual([]);
  });
});

test("the declarations are of a size that editors read at once", async () => {
  const declarations = packed.filter((file) => file.endsWith(".d.ts"));
  const sizes = await Promise.all(
    declarations.map(async (file) => (await stat(path.join(folder, "node_modules/tscompose", file))).size),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeLessThan(200_000);
});

describe("a project with a database", () => {
  test("four workers at once, each with a database of its own", { timeout: 120_000 }, async () => {
    const place = await sample();
    const { stdout } = await succeed([vitest(), "run", "--reporter=json"], place, { REDIS_IMAGE: redis });
    const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { numPassedTests: number; success: boolean };
    expect(report).toMatchObject({ numPassedTests: 8, success: true });
    expect(await containersOf(place)).toEqual([]);
  });

  test("a worker that takes one file after the other keeps its database", { timeout: 120_000 }, async () => {
    const place = await sample();
    await rm(path.join(place, "tests"), { recursive: true });
    const body = `import { appendFile } from "node:fs/promises";
import { test } from "./project.ts";
test("is told its name", ({ compose }) => appendFile("names.txt", compose.name + "\\n"));\n`;
    const fixture = `import { composeTest } from "tscompose/vitest";
export const test = composeTest({ cwd: import.meta.dirname });\n`;
    await writeFile(path.join(place, "project.ts"), fixture);
    for (let file = 1; file <= 8; file += 1) await writeFile(path.join(place, `${file}.test.ts`), body);
    await succeed([vitest(), "run", "--no-isolate"], place, { REDIS_IMAGE: redis });
    const told = (await readFile(path.join(place, "names.txt"), "utf8")).trim().split("\n");
    expect(told).toHaveLength(8);
    expect(new Set(told).size).toBeLessThanOrEqual(4);
    expect(await containersOf(place)).toEqual([]);
  });

  test("a program hears everything and the terminal nothing", { timeout: 120_000 }, async () => {
    const place = await sample();
    const program = `import { writeFileSync } from "node:fs";
import { openCompose } from "tscompose";
const seen = [];
const document = { version: "3", services: { web: { image: "${testImages.busybox}", init: true, command: "sleep 100" } } };
const compose = await openCompose({
  projectName: ${JSON.stringify(uniqueName())}, document,
  onEvent: (event) => seen.push(event.kind), onWarning: ({ code }) => seen.push(code),
});
await compose.up({ wait: true });
await compose.exec("web", ["sh", "-c", "echo out; echo err >&2"]);
await compose.down();
await compose.close();
writeFileSync("seen.json", JSON.stringify([...new Set(seen)]));\n`;
    await writeFile(path.join(place, "quiet.mjs"), program);
    expect(await succeed(["quiet.mjs"], place)).toEqual({ code: 0, stdout: "", stderr: "" });
    const seen: unknown = JSON.parse(await readFile(path.join(place, "seen.json"), "utf8"));
    expect(seen).toEqual(expect.arrayContaining(["obsolete-version", "plan.started", "step.done", "plan.finished"]));
  });

  test("one for the whole run; what a service wrote is part of a failure", { timeout: 120_000 }, async () => {
    const place = await sample();
    await rm(path.join(place, "tests"), { recursive: true });
    await writeFile(
      path.join(place, "setup.ts"),
      'import { composeSetup } from "tscompose/vitest";\nexport default composeSetup({ cwd: import.meta.dirname });\n',
    );
    const body = `import { expect } from "vitest";
import { sharedComposeTest } from "tscompose/vitest";
const test = sharedComposeTest();
test("fails", async ({ compose }) => {
  await compose.service("db").exec(["node", "-e", "require('fs').writeFileSync('/proc/1/fd/1', 'said by the database\\\\n')"]);
  expect(compose.name).toBe("else");
});\n`;
    await writeFile(path.join(place, "one.test.ts"), body);
    await writeFile(path.join(place, "two.test.ts"), body);
    await writeFile(
      path.join(place, "vitest.config.ts"),
      'export default { test: { globalSetup: ["setup.ts"], hookTimeout: 60_000 } };\n',
    );
    const { code, stdout, stderr } = await runProgram([vitest(), "run"], { cwd: place, env: { REDIS_IMAGE: redis } });
    expect(code).toBe(1);
    const seen = [...`${stdout}${stderr}`.matchAll(/expected '([\w-]+)' to be 'else'/g)].map(([, name]) => name);
    expect(seen).toHaveLength(2);
    expect(new Set(seen).size).toBe(1);
    expect(stdout + stderr).toContain("logs of db:\nsaid by the database\n");
    expect(await containersOf(place)).toEqual([]);
  });

  const holder = `import { startProject } from "tscompose/testing";
const project = await startProject({ cwd: import.meta.dirname });
console.log("up", project.name);
setInterval(() => {}, 1000);\n`;

  test("a process that is killed leaves nothing behind", { timeout: 120_000 }, async () => {
    const place = await sample();
    await writeFile(path.join(place, "holder.mjs"), holder);
    await using program = startProgram(["holder.mjs"], { cwd: place, env: { REDIS_IMAGE: redis } });
    await program.waitFor(/up [\w-]+\n/);
    expect(await containersOf(place)).toHaveLength(1);
    program.kill("SIGKILL");
    await expect.poll(() => containersOf(place), { timeout: 20_000 }).toEqual([]);
  });

  test("what is left when the reaper is killed as well, the next run takes away", { timeout: 120_000 }, async () => {
    const place = await sample();
    await writeFile(path.join(place, "holder.mjs"), holder);
    await using program = startProgram(["holder.mjs"], { cwd: place, env: { REDIS_IMAGE: redis } });
    await program.waitFor(/up [\w-]+\n/);
    for (const pid of await childrenOf(program.pid)) process.kill(pid, "SIGKILL");
    program.kill("SIGKILL");
    await program.ended;
    await sleep(2000);
    const [left] = await containersOf(place);
    expect(left?.State).toBe("running");
    await using next = startProgram(["holder.mjs"], { cwd: place, env: { REDIS_IMAGE: redis } });
    await next.waitFor(/up [\w-]+\n/);
    expect((await containersOf(place)).map(({ Id }) => Id)).not.toContain(left?.Id);
    next.kill("SIGTERM");
    await expect.poll(() => containersOf(place), { timeout: 20_000 }).toEqual([]);
  });

  test(
    "a port that nobody listens at is not ready, whatever takes connections before it",
    { timeout: 120_000 },
    async () => {
      const place = await sample();
      const idle = `services: { idle: { image: ${testImages.busybox}, init: true, command: sleep 100, ports: ["80"] } }\n`;
      await writeFile(path.join(place, "compose.yaml"), idle);
      const program = `import { startProject } from "tscompose/testing";
const failure = await startProject({ cwd: import.meta.dirname, timeoutSeconds: 10 }).catch((error) => error);
console.log(failure.name, failure.service, failure.readiness);
await (await startProject({ cwd: import.meta.dirname, ready: { idle: false } })).stop();\n`;
      await writeFile(path.join(place, "idle.mjs"), program);
      expect((await succeed(["idle.mjs"], place)).stdout).toBe("NotReadyError idle { port: 80 }\n");
    },
  );

  test("a start that is cancelled, or whose services fail, leaves nothing behind", { timeout: 120_000 }, async () => {
    const place = await sample();
    const program = `import { startProject } from "tscompose/testing";
const tell = (error) => console.log(error.name, error.message.split("\\n", 1)[0]);
await startProject({ cwd: import.meta.dirname, ready: { db: { log: /never/ } }, signal: AbortSignal.timeout(4000) }).catch(tell);
const document = { services: { bad: { image: "${testImages.busybox}", command: ["sh", "-c", "echo why; exit 3"] } } };
await startProject({ name: "${path.basename(place)}", document }).catch(({ name, failures }) =>
  console.log(name, failures.map(({ error }) => error.message.replace(/container .*-bad-1/, "bad"))));
// A test runner shows the message, and some the stack.
const report = (error) => console.log(error.message.replaceAll(/container .*-bad-1/g, "bad"), error.stack.includes(error.message));
await startProject({ name: "${path.basename(place)}", document }).catch(report);
await startProject({ cwd: import.meta.dirname, files: ["wrong.yaml"] }).catch(report);\n`;
    await writeFile(path.join(place, "fails.mjs"), program);
    await writeFile(path.join(place, "wrong.yaml"), "services: { db: { imagee: x } }\n");
    const { stdout } = await succeed(["fails.mjs"], place, { REDIS_IMAGE: redis });
    expect(stdout).toMatchInlineSnapshot(`
      "CancelledError cancelled
      PlanError [ 'bad exited (3)' ]
      bad exited (3)

      error: bad exited (3)
        last log lines:
          why
       true
      unknown key "imagee" in services.db

      error: unknown key "imagee" in services.db
        wrong.yaml:1:19  services.db
          1 │ services: { db: { imagee: x } }
            │                   ^^^^^^
        hint: did you mean "image"?
       true
      "
    `);
    expect(await containersOf(place)).toEqual([]);
  });

  test("what is not ready in time is said, with what it wrote", { timeout: 120_000 }, async () => {
    const place = await sample();
    const program = `import { NotReadyError, startProject } from "tscompose/testing";
for (const ready of [{ log: /never/ }, { port: 6380 }, { http: "/", port: 6379 }]) {
  const failure = await startProject({ cwd: import.meta.dirname, timeoutSeconds: 10, ready: { db: ready } }).catch((error) => error);
  console.log(failure instanceof NotReadyError, failure.message.split("\\n", 1)[0], failure.logs?.includes("Ready to accept"));
}\n`;
    await writeFile(path.join(place, "late.mjs"), program);
    const { stdout } = await succeed(["late.mjs"], place, { REDIS_IMAGE: redis });
    expect(stdout).toMatchInlineSnapshot(`
      "true service "db" is not ready: a line like /never/: no such line yet true
      false service "db": there is no port 6380/tcp undefined
      true service "db" is not ready: an answer from /: Response does not match the HTTP/1.1 protocol (Expected HTTP/) true
      "
    `);
    expect(await containersOf(place)).toEqual([]);
  });
});

let samples = 0;

/** A copy of the example, whose folder names its projects. */
async function sample(): Promise<string> {
  samples += 1;
  const place = path.join(folder, `sample${process.pid}-${samples}`);
  await cp(path.join(projectRoot, "examples/vitest"), place, { recursive: true });
  return place;
}

interface Listed {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
}

async function containersOf(place: string): Promise<readonly Listed[]> {
  const prefix = `/${path.basename(place)}-test-`;
  return (await get<readonly Listed[]>("/containers/json?all=1")).filter(({ Names }) =>
    Names.some((name) => name.startsWith(prefix)),
  );
}

const names = new Map<string, string>();

/** Images that are there, and names that nobody else has. */
function standIns(text: string): string {
  const images = text.replaceAll("redis:7-alpine", redis).replaceAll(/\bbusybox\b/g, testImages.busybox);
  return images.replaceAll(/"api-\w+"/g, (name) => {
    if (!names.has(name)) names.set(name, uniqueName());
    const unique = names.get(name) ?? "";
    onTestFinished(() => removeProject(unique));
    return JSON.stringify(unique);
  });
}

/** `await using` is for Nodes to come. */
async function forNode(text: string): Promise<string> {
  return (await transform(text, { loader: "ts", target: "node20" })).code;
}

function vitest(): string {
  return path.join(folder, "node_modules/vitest/vitest.mjs");
}

async function exportsOf(file: string): Promise<readonly string[]> {
  const text = await readFile(path.join(folder, `node_modules/tscompose/dist/lib/${file}.d.ts`), "utf8");
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = ""]) => names.split(","));
  const declared = [...text.matchAll(/^export (?:declare )?(?:interface|type|function|const|class) (\w+)/gm)];
  return [...listed.map((name) => name.trim()), ...declared.map(([, name = ""]) => name)].filter((name) => name !== "");
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    all.map(async (name) => {
      const status = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
      return [Number(name), Number(status.slice(status.lastIndexOf(")")).split(" ")[2])] as const;
    }),
  );
  return parents.filter(([, parent]) => parent === pid).map(([child]) => child);
}

async function succeed(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const ran = await runProgram(args, { cwd, env });
  if (ran.code !== 0) throw new Error(`node ${args.join(" ")}: exit ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return ran;
}
