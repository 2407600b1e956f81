// compose.ts and its like: what they mean, and where their mistakes are.
import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { loadTree } from "../../../src/loader/load.ts";
import { loadProject } from "../../../src/loader/project.ts";
import { CancelledError } from "../../../src/model/error.ts";
import { inFolder, loadText, mistakesIn } from "../load-text.ts";
import { saidOf, webOf } from "../tree-text.ts";

const define = 'import { defineCompose } from "tscompose";\n';

describe("what a program says", () => {
  test("counts like a file", async () => {
    expect(
      await webOf({ "compose.ts": `${define}export default defineCompose({ services: { web: { image: "i" } } });` }),
    ).toEqual({
      image: "i",
    });
  });

  test("may come from a function that is given the project's variables, and take its time", async () => {
    const files = {
      ".env": "TAG=7\n",
      "compose.mts": `${define}export default defineCompose(async ({ env, folder }: { env: any; folder: string }) => ({
        services: { web: { image: \`i:\${env.TAG}\`, hostname: process.env.TAG, labels: { cwd: String(process.cwd() === folder) } } },
      }));`,
    };
    expect(await webOf(files)).toEqual({ image: "i:7", hostname: "7", labels: { cwd: "true" } });
  });

  test("is put together from other files and packages of the user's", async () => {
    const files = {
      "compose.js": `${define}import { image } from "pkg"; import { web } from "./parts/web.js"; import info from "./info.json" with { type: "json" };
        export default defineCompose({ services: { web: { ...web(image), hostname: info.name } } });`,
      "info.json": '{ "name": "demo" }',
      "parts/web.ts": 'import { tag } from "./tag"; export const web = (image: string) => ({ image: image + tag });',
      "parts/tag.ts": 'export const tag: string = ":1";',
      "node_modules/pkg/package.json": '{ "name": "pkg", "type": "module", "exports": { "import": "./index.js" } }',
      "node_modules/pkg/index.js": 'export const image = "packed";',
    };
    expect(await webOf(files)).toEqual({ image: "packed:1", hostname: "demo" });
  });

  test("is taken at its word: a dollar is a dollar", async () => {
    const files = {
      "compose.mjs": `${define}export default { services: { web: { image: "i", command: ["echo", "$HOME $$ \${X}"] } } };`,
    };
    expect((await loadText(files)).project.services.get("web")?.command).toEqual(["echo", "$HOME $$ ${X}"]);
  });

  test("leaves out what is undefined", async () => {
    const files = {
      "compose.ts": `${define}export default { services: { web: { image: "i", hostname: undefined } } };`,
    };
    expect(await webOf(files)).toEqual({ image: "i" });
  });

  test("imports data and TypeScript as compilers and workspaces have it", async () => {
    const files = {
      "compose.ts": `import data from "./data.json";\nimport { image } from "@acme/shared";\nimport { name } from "#lib/name";
${define}export default { services: { web: { image, hostname: name, labels: data } } };`,
      "data.json": '{ "version": "1.2" }',
      "package.json": '{ "imports": { "#lib/*": "./lib/*.ts" } }',
      "lib/name.ts": "export const name: string = 'n';",
      "packages/shared/package.json": '{ "name": "@acme/shared", "exports": "./index.ts" }',
      "packages/shared/index.ts": "export { image } from './image.js';",
      "packages/shared/image.ts": "export const image: string = 'i';",
    };
    const read = await inFolder(files, async (cwd) => {
      await mkdir(path.join(cwd, "node_modules/@acme"), { recursive: true });
      await symlink("../../packages/shared", path.join(cwd, "node_modules/@acme/shared"));
      return loadProject({ cwd, environment: new Map() });
    });
    const { image, hostname, labels } = read.project.services.get("web") ?? {};
    expect({ image, hostname, labels }).toEqual({ image: "i", hostname: "n", labels: new Map([["version", "1.2"]]) });
  });

  test("may be a script of the older kind", async () => {
    const files = { "compose.js": "// defineCompose\nmodule.exports = { services: { web: { image: 'i' } } };" };
    expect(await webOf(files)).toEqual({ image: "i" });
  });

  test("is heard when it prints, by those who listen", async () => {
    const said: string[] = [];
    const onPrinted = (text: string): void => void said.push(text);
    await loadText(
      { "compose.ts": `${define}console.log("here"); export default { services: { web: { image: "i" } } };` },
      { onPrinted },
    );
    await expect.poll(() => said.join(""), { timeout: 20_000 }).toBe("here\n");
  });
});

test("a program that never comes to an end is ended by who asked for it", async () => {
  const files = { "compose.ts": `${define}setInterval(() => {}, 1000); export default new Promise(() => {});` };
  const loading = loadText(files, { signal: AbortSignal.timeout(1000) });
  await expect(loading).rejects.toThrow(CancelledError);
});

test("a program that leaves something running has its process ended all the same", { timeout: 30_000 }, async () => {
  const said: string[] = [];
  const text = `${define}console.log(process.pid); setInterval(() => {}, 1000); export default { services: { web: { image: "i" } } };`;
  await loadText({ "compose.ts": text }, { onPrinted: (each) => void said.push(each) });
  await expect.poll(() => said.join(""), { timeout: 20_000 }).toMatch(/^\d+\n$/);
  const pid = Number(said.join(""));
  expect(pid).toBeGreaterThan(1);
  while (lives(pid)) await sleep(50);
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("beside other files", () => {
  const one = { services: { web: { image: "yaml", ports: ["80"], environment: { A: "1" } } } };
  const yaml = JSON.stringify(one);

  test("YAML is preferred, and who has both is told", async () => {
    const files = {
      "compose.yaml": yaml,
      "compose.ts": `${define}export default { services: { web: { image: "code" } } };`,
    };
    expect(await webOf(files)).toMatchObject({ image: "yaml" });
    expect(await saidOf(files)).toEqual([expect.stringContaining("compose.yaml and compose.ts are both in")]);
  });

  test("a program that is no compose file is none of ours", async () => {
    const files = { "compose.ts": "throw new Error('run');" };
    expect(await saidOf(files)).toEqual([expect.stringContaining("no configuration file provided")]);
  });

  test("it overrides, replaces and takes away", async () => {
    const files = {
      "compose.yaml": yaml,
      "compose.override.ts": `import { defineCompose, override, reset } from "tscompose";
        export default defineCompose({ services: { web: { image: "code", ports: override(["90"]), environment: reset() } } });`,
    };
    expect(await webOf(files)).toEqual({ image: "code", ports: [{ mode: "ingress", target: 90, protocol: "tcp" }] });
  });

  test("it is included and extended, each time with the variables of who asks", async () => {
    const files = {
      "compose.yaml": `include: [{ path: part.ts, env_file: part.env }]\nservices: { web: { extends: { file: part.ts, service: base }, labels: { a: b } } }\n`,
      "part.env": "TAG=included\n",
      "part.ts": `${define}export default defineCompose(({ env }: any) => ({ services: { base: { image: "i:" + (env.TAG ?? "extended") } } }));`,
    };
    const { project } = await loadText(files);
    expect([...project.services.values()].map(({ name, image }) => [name, image])).toEqual([
      ["base", "i:included"],
      ["web", "i:extended"],
    ]);
  });

  test("it includes YAML", async () => {
    const files = {
      "compose.ts": `${define}export default defineCompose({ include: ["part.yaml"] });`,
      "part.yaml": yaml,
    };
    expect(await webOf(files)).toMatchObject({ image: "yaml" });
  });
});

describe("mistakes", () => {
  const mistakes = (text: string, more: Readonly<Record<string, string>> = {}): Promise<string> =>
    mistakesIn({ "compose.ts": text, ...more }, { files: ["compose.ts"] });

  test("are shown where the value is written, whatever way it came", async () => {
    const files = {
      "base.ts":
        'export const base = {\n  restrat: "always",\n};\nexport function ports(port: number) {\n  return { ports: [port, "99999:1"] };\n}\n',
    };
    const text = `${define}import { base, ports } from "./base.ts";
const name = (): string => "x";
export default defineCompose({
  services: {
    web: { image: 7, ...base, ...ports(80) },
    db: { image: "i", depends_on: ["wbe"] },
    [name()]: { image: "i", ...(true && { init: [] }) },
  },
});\n`;
    expect(await mistakes(text, files)).toMatchInlineSnapshot(`
      "
      error: services.web.image must be a string, not the number 7
        compose.ts:6:19  services.web.image
          5 │   services: {
          6 │     web: { image: 7, ...base, ...ports(80) },
            │                   ^
        hint: put it in quotes: "7"

      error: service "db" depends on "wbe", which is not a service of this project
        compose.ts:7:36  services.db.depends_on.wbe
          6 │     web: { image: 7, ...base, ...ports(80) },
          7 │     db: { image: "i", depends_on: ["wbe"] },
            │                                    ^^^^^
        hint: did you mean "web"?

      error: services.x.init must be true or false, not a list
        compose.ts:8:43  services.x.init
          7 │     db: { image: "i", depends_on: ["wbe"] },
          8 │     [name()]: { image: "i", ...(true && { init: [] }) },
            │                                           ^^^^

      error: unknown key "restrat" in services.web
        base.ts:2:3  services.web
          1 │ export const base = {
          2 │   restrat: "always",
            │   ^^^^^^^
        hint: did you mean "restart"?

      error: port "99999:1" has a port above 65535
        base.ts:5:27  services.web.ports[1]
          4 │ export function ports(port: number) {
          5 │   return { ports: [port, "99999:1"] };
            │                           ^^^^^
        hint: ports go from 1 to 65535

      5 errors
      "
    `);
  });

  test("are found in what is made without being written out, too", async () => {
    const text = `export default {
  services: Object.fromEntries(["a", "b"].map((name) => [name, { image: name, tty: "maybe" }])),
};\n`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "
      error: "maybe" is not a boolean
        compose.ts:2:84  services.a.tty
          1 │ export default {
          2 │   services: Object.fromEntries(["a", "b"].map((name) => [name, { image: name, tty: "maybe" }])),
            │                                                                                    ^^^^^^^
        hint: use true or false
      "
    `);
  });

  test("that are no data are named", async () => {
    const text = `export default {
  services: {
    web: { image: () => "i", hostname: Promise.resolve("h"), labels: [undefined, Symbol("s")], environment: { A: NaN, B: new Map() } },
  },
};\n`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "
      error: a compose file cannot contain a function
        compose.ts:3:19  services.web.image
          2 │   services: {
          3 │     web: { image: () => "i", hostname: Promise.resolve("h"), labels: [undefined, Symbol("s")], envir…
            │                   ^^^^^^^^^
        hint: call it

      error: a compose file cannot contain a promise that nobody awaits
        compose.ts:3:40  services.web.hostname
          2 │   services: {
          3 │ …{ image: () => "i", hostname: Promise.resolve("h"), labels: [undefined, Symbol("s")], environment: {…
            │                                ^^^^^^^^^^^^^^^^^^^^
        hint: await it: the function that is exported may be async

      error: a compose file cannot contain undefined
        compose.ts:3:71  services.web.labels[0]
          2 │   services: {
          3 │ …me: Promise.resolve("h"), labels: [undefined, Symbol("s")], environment: { A: NaN, B: new Map() } },
            │                                     ^^^^^^^^^
        hint: write text, a number, true, false, null, a list or an object; a property that is undefined is left out

      error: a compose file cannot contain a symbol
        compose.ts:3:82  services.web.labels[1]
          2 │   services: {
          3 │ …me: Promise.resolve("h"), labels: [undefined, Symbol("s")], environment: { A: NaN, B: new Map() } },
            │                                                ^^^^^^^^^^^
        hint: write text, a number, true, false, null, a list or an object; a property that is undefined is left out

      error: a compose file cannot contain NaN
        compose.ts:3:114  services.web.environment.A
          2 │   services: {
          3 │ …me: Promise.resolve("h"), labels: [undefined, Symbol("s")], environment: { A: NaN, B: new Map() } },
            │                                                                                ^^^
        hint: write text, a number, true, false, null, a list or an object; a property that is undefined is left out

      error: a compose file cannot contain a Map
        compose.ts:3:122  services.web.environment.B
          2 │   services: {
          3 │ …me: Promise.resolve("h"), labels: [undefined, Symbol("s")], environment: { A: NaN, B: new Map() } },
            │                                                                                        ^^^^^^^^^
        hint: write text, a number, true, false, null, a list or an object; a property that is undefined is left out

      6 errors
      "
    `);
  });

  test("that the program throws have its place", async () => {
    const text = `import { part } from "./part.ts";
type Name = string;
export default () => ({ services: { ...part("web" as Name) } });\n`;
    const part =
      "const all = { a: [1, { b: 2 }] };\nexport function part(name: string): never {\n  if (all) throw new RangeError(`no ${name}`);\n}\n";
    expect(await mistakes(text, { "part.ts": part })).toMatchInlineSnapshot(`
      "
      error: RangeError: no web
        part.ts:3:18
          2 │ export function part(name: string): never {
          3 │   if (all) throw new RangeError(\`no \${name}\`);
            │                  ^^^
        note: called from here
        compose.ts:3:40
          3 │ export default () => ({ services: { ...part("web" as Name) } });
            │                                        ^^^^
      "
    `);
  });

  test.each([
    ["const a = {\n  b: 1,,\n};\n"],
    ['import { a } from "./gone.ts";\nexport default a;\n'],
    ['import { gone } from "./there.ts";\nexport default gone;\n'],
    ['import gone from "gone";\nexport default gone;\n'],
    ["enum E { a }\nexport default {};\n"],
    ["process.exit(3);\n"],
    [
      "setTimeout(() => {\n  throw new Error('late');\n}, 1);\nexport default new Promise(() => setTimeout(() => {}, 60_000));\n",
    ],
    ["export const services = {};\n"],
    ["export default 3;\n"],
    ["const a: any = { services: {} };\na.services.web = a;\nexport default a;\n"],
  ])("%j", async (text) => {
    expect(await mistakes(text, { "there.ts": "export const a = 1;\n" })).toMatchSnapshot();
  });
});

test("a program of a kind that is not run is told apart from YAML", async () => {
  expect(await mistakesIn({ "compose.cjs": "module.exports = {};" }, { files: ["compose.cjs"] }))
    .toMatchInlineSnapshot(`
    "
    error: /demo/compose.cjs is a program of a kind that is not run
      hint: name it .ts, .mts, .js or .mjs, and write import and export default
    "
  `);
});

test("what an older script requires is missing where it says so", async () => {
  const text = 'const { defineCompose } = require("tscompose");\nmodule.exports = defineCompose({});\n';
  expect(await mistakesIn({ "compose.js": text })).toMatchInlineSnapshot(`
    "
    error: Cannot find module 'tscompose'
      compose.js:1:27
        1 │ const { defineCompose } = require("tscompose");
          │                           ^^^^^^^
      hint: require finds what is installed; import { … } from "tscompose" needs nothing installed
    "
  `);
});

test("what nobody can know before the program runs is imported as Node does it", async () => {
  const text = `${define}const name = "part";\nexport default await import(\`./\${name}.tsx\`);\n`;
  const said = await mistakesIn({ "compose.ts": text, "part.tsx": "export default {};\n" });
  expect(said).toContain('Unknown file extension ".tsx"');
  expect(said).toContain('hint: TypeScript is understood in imports that name their file: import("./part.ts")');
});

test("a program that waits for what never comes is told so", async () => {
  const said = await mistakesIn({ "compose.ts": `${define}export default await new Promise(() => {});\n` });
  expect(said).toContain("before it said what it exports");
});

describe("what comes from another machine", () => {
  async function published(files: Readonly<Record<string, string>>, loading: string): Promise<readonly string[]> {
    return inFolder({ ...files, "here.ts": "throw new Error('run');\n", "compose.yaml": loading }, async (cwd) => {
      const git = (...args: string[]): string =>
        execFileSync("git", ["-C", path.join(cwd, "theirs"), ...args], { encoding: "utf8" });
      git("init", "-q");
      git("add", ".");
      git("-c", "user.email=t@example.org", "-c", "user.name=t", "commit", "-qm", "1");
      const text = loading.replaceAll("REPOSITORY", `file://${path.join(cwd, "theirs/.git")}`);
      await writeFile(path.join(cwd, "compose.yaml"), text);
      const environment = new Map([
        ["PATH", process.env["PATH"] ?? ""],
        ["XDG_CACHE_HOME", path.join(cwd, "cache")],
      ]);
      const { diagnostics } = await loadTree({ cwd, environment });
      return diagnostics.map(({ code, message }) => `${code}: ${message.replace(/^.*\//, "")}`);
    });
  }

  const refused = "is a program, and nothing that another machine asks for is run";

  test("is not run, neither at once nor by what it includes, here or there", async () => {
    const program = "throw new Error('run');\n";
    const include = (file: string): string => JSON.stringify({ include: [file], services: {} });
    expect(await published({ "theirs/compose.ts": program }, include("REPOSITORY#:compose.ts"))).toEqual([
      `remote-code: compose.ts ${refused}`,
    ]);
    const inner = { "theirs/compose.yaml": include("./part.ts"), "theirs/part.ts": program };
    expect(await published(inner, include("REPOSITORY"))).toEqual([`remote-code: part.ts ${refused}`]);
    const outer = { "theirs/compose.yaml": include("../../../here.ts") };
    expect(await published(outer, include("REPOSITORY"))).toEqual([`remote-code: here.ts ${refused}`]);
  });
});
