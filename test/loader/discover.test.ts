import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { describe, expect, test } from "vitest";

import { loadTree } from "../../src/loader/load.ts";
import { inFolder, type Adjust, type Files } from "./load-text.ts";
import { diagnosticsOf, saidOf } from "./tree-text.ts";

const a = "services: {a: {image: i}}\n";

interface Seen {
  readonly name: string;
  readonly files: readonly string[];
  readonly workingDir: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly profiles: readonly string[];
}

/** What the loader finds from a folder of the project; paths start from /demo. */
async function find(files: Files, adjust: Adjust & { readonly from?: string } = {}): Promise<Seen> {
  return inFolder(files, async (root) => {
    const { from = ".", ...options } = adjust;
    const loaded = await loadTree({ cwd: path.join(root, from), environment: new Map(), ...options });
    const shorten = (file: string): string => file.replace(root, "/demo");
    const { environment } = loaded;
    const variables = { A: environment.get("A"), B: environment.get("B"), C: environment.get("C") };
    return {
      name: loaded.name,
      files: loaded.files.map(shorten),
      workingDir: shorten(loaded.workingDir),
      variables,
      profiles: loaded.profiles,
    };
  });
}

describe("files", () => {
  test.each<
    [
      what: string,
      files: Record<string, string>,
      adjust: Adjust & { readonly from?: string },
      expected: readonly string[],
    ]
  >([
    ["the first of the known names", { "docker-compose.yml": a, "compose.yaml": a }, {}, ["/demo/compose.yaml"]],
    [
      "with an override of either family",
      { "compose.yml": a, "docker-compose.override.yml": a },
      {},
      ["/demo/compose.yml", "/demo/docker-compose.override.yml"],
    ],
    ["in a folder above", { "compose.yaml": a, "x/y/z": "" }, { from: "x/y" }, ["/demo/compose.yaml"]],
    [
      "-f, without override",
      { "compose.yaml": a, "compose.override.yaml": a, "b.yaml": a },
      { files: ["b.yaml", "compose.yaml"] },
      ["/demo/b.yaml", "/demo/compose.yaml"],
    ],
    [
      "COMPOSE_FILE of a .env",
      { "b.yaml": a, "c.yaml": a, ".env": "COMPOSE_FILE=b.yaml:c.yaml\n" },
      {},
      ["/demo/b.yaml", "/demo/c.yaml"],
    ],
    [
      "with another separator",
      { "b.yaml": a, "c.yaml": a, ".env": "COMPOSE_FILE=b.yaml;c.yaml\nCOMPOSE_PATH_SEPARATOR=;\n" },
      {},
      ["/demo/b.yaml", "/demo/c.yaml"],
    ],
    [
      "-f wins over COMPOSE_FILE",
      { "b.yaml": a },
      { files: ["b.yaml"], environment: new Map([["COMPOSE_FILE", "gone.yaml"]]) },
      ["/demo/b.yaml"],
    ],
    ["standard input", {}, { files: ["-"], stdin: async () => a }, ["-"]],
    ["in the project directory", { "sub/compose.yaml": a }, { projectDirectory: "sub" }, ["/demo/sub/compose.yaml"]],
  ])("%s", async (_, files, adjust, expected) => expect((await find(files, adjust)).files).toEqual(expected));

  test("a document in memory needs no file", async () => {
    const seen = await find({}, { document: { name: "mem", services: { a: { image: "i" } } } });
    expect(seen).toMatchObject({ name: "mem", files: [], workingDir: "/demo" });
  });

  test("and is not mixed with the files that somebody's variable names", async () => {
    const document = { name: "mem", services: { a: { image: "i" } } };
    const environment = new Map([["COMPOSE_FILE", "other.yaml"]]);
    expect(
      await find({ "other.yaml": a, ".env": "COMPOSE_FILE=other.yaml\n" }, { document, environment }),
    ).toMatchObject({
      name: "mem",
      files: [],
    });
    expect((await find({ "other.yaml": a }, { document, files: ["other.yaml"] })).files).toEqual(["/demo/other.yaml"]);
  });

  test("and its mistakes have places", async () => {
    expect(await diagnosticsOf({}, { document: { services: { a: { imagee: "i" } } } })).toMatchInlineSnapshot(`
      "
      error: unknown key "imagee" in services.a
        (document):4:7  services.a
          3 │     "a": {
          4 │       "imagee": "i"
            │       ^^^^^^^^
        hint: did you mean "image"?
      "
    `);
  });

  test("several of the known names", async () => {
    expect(await saidOf({ "compose.yaml": a, "compose.yml": a })).toEqual([
      "warning: compose.yaml and compose.yml are both in /demo; compose.yaml is used",
    ]);
  });

  test("none", async () => {
    expect(await diagnosticsOf({ "x/y": "" })).toMatchInlineSnapshot(`
      "
      error: no configuration file provided: not found in /demo or in a folder above it
        hint: name one with -f, or create compose.yaml
      "
    `);
  });

  test.each([
    [["gone.yaml"], "error: the compose file /demo/gone.yaml does not exist"],
    [["."], "error: the compose file /demo is a folder"],
  ])("-f %s", async (files, said) => expect(await saidOf({ x: "" }, { files })).toContain(said));
});

describe("variables", () => {
  const files = {
    "sub/compose.yaml": a,
    "sub/.env": "A=sub\nB=sub\n",
    ".env": "A=top\n",
    "x.env": "A=x\nC=${A}\n",
    "y.env": "B=y${A}\n",
  };
  test.each<[what: string, adjust: Adjust & { readonly from?: string }, expected: Seen["variables"]]>([
    ["the .env beside the first file", { files: ["sub/compose.yaml"] }, { A: "sub", B: "sub" }],
    [
      "first that of the folder where the search starts",
      { environment: new Map([["COMPOSE_FILE", "sub/compose.yaml"]]) },
      { A: "top", B: "sub" },
    ],
    [
      "the process wins",
      { files: ["sub/compose.yaml"], environment: new Map([["A", "process"]]) },
      { A: "process", B: "sub" },
    ],
    [
      "--env-file instead of .env, the later one wins",
      { files: ["sub/compose.yaml"], envFiles: ["x.env", "y.env"] },
      { A: "x", B: "yx", C: "x" },
    ],
    [
      "COMPOSE_ENV_FILES",
      { files: ["sub/compose.yaml"], environment: new Map([["COMPOSE_ENV_FILES", "y.env"]]) },
      { B: "y" },
    ],
    [
      "COMPOSE_DISABLE_ENV_FILE",
      { files: ["sub/compose.yaml"], environment: new Map([["COMPOSE_DISABLE_ENV_FILE", "1"]]) },
      {},
    ],
  ])("%s", async (_, adjust, expected) => expect((await find(files, adjust)).variables).toEqual(expected));

  test("mistakes in a .env do not hide those of the project", async () => {
    const text = { "compose.yaml": "services: {a: {imagee: i}}\n", ".env": 'A B=1\nC="open\n' };
    expect(await diagnosticsOf(text)).toMatchInlineSnapshot(`
      "
      error: the variable's name "A B" contains a blank
        .env:1:2
          1 │ A B=1
            │  ^
        hint: write NAME=value, one on each line

      error: the quoted value of "C" is not closed
        .env:2:3
          1 │ A B=1
          2 │ C="open
            │   ^^^^^
        hint: close it with "; a " inside the value is written \\"

      error: unknown key "imagee" in services.a
        compose.yaml:1:16  services.a
          1 │ services: {a: {imagee: i}}
            │                ^^^^^^
        hint: did you mean "image"?

      3 errors
      "
    `);
  });

  test("a password with a dollar", async () => {
    expect(await diagnosticsOf({ "compose.yaml": a, ".env": "PASSWORD=pa$word\n" })).toMatchInlineSnapshot(`
      "
      warning: variable "word" is not set; "PASSWORD" gets nothing in its place
        .env:1:12
          1 │ PASSWORD=pa$word
            │            ^^^^^
        hint: set it, or put the value in single quotes if the "$" is meant literally
      "
    `);
  });

  test("an env file that is missing", async () => {
    expect(await saidOf({ "compose.yaml": a }, { envFiles: ["gone.env"] })).toEqual([
      "error: the env file /demo/gone.env does not exist",
    ]);
  });
});

describe("name", () => {
  test.each<[what: string, files: Record<string, string>, adjust: Adjust, expected: string]>([
    ["the folder", { "compose.yaml": a }, {}, "demo"],
    ["the file, made usable", { "compose.yaml": `name: My.App X\n${a}` }, {}, "myappx"],
    [
      "the last file that has one",
      { "compose.yaml": `name: one\n${a}`, "compose.override.yaml": "name: two\n" },
      {},
      "two",
    ],
    ["with variables", { "compose.yaml": `name: \${A}-x\n${a}`, ".env": "A=v\n" }, {}, "v-x"],
    [
      "COMPOSE_PROJECT_NAME of a .env",
      { "compose.yaml": `name: one\n${a}`, ".env": "COMPOSE_PROJECT_NAME=two\n" },
      {},
      "two",
    ],
    ["-p", { "compose.yaml": a, ".env": "COMPOSE_PROJECT_NAME=two\n" }, { projectName: "three" }, "three"],
    [
      "of an include it does not count",
      { "compose.yaml": "include: [b.yaml]\n", "b.yaml": `name: b\n${a}` },
      {},
      "demo",
    ],
  ])("%s", async (_, files, adjust, expected) => expect((await find(files, adjust)).name).toBe(expected));

  test("it is a variable", async () => {
    const { tree } = await inFolder(
      { "compose.yaml": "name: x\nservices: {a: {image: '${COMPOSE_PROJECT_NAME}'}}\n" },
      (cwd) => loadTree({ cwd, environment: new Map() }),
    );
    expect(JSON.stringify([...tree.entries], (_, each: unknown) => (each instanceof Map ? [...each] : each))).toContain(
      '"value":"x"',
    );
  });

  test.each([
    [{ projectName: "My App" }, 'error: invalid project name "My App" (-p)'],
    [
      { environment: new Map([["COMPOSE_PROJECT_NAME", "A"]]) },
      'error: invalid project name "A" (COMPOSE_PROJECT_NAME)',
    ],
  ])("refused: %j", async (adjust, said) => expect(await saidOf({ "compose.yaml": a }, adjust)).toEqual([said]));

  test("nothing usable", async () => {
    expect(await saidOf({ "compose.yaml": `name: ___\n${a}` })).toEqual([
      'error: project name must not be empty: nothing of "___" can be used in a name',
    ]);
  });

  test("a folder that is a link", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "tscompose-link-"));
    try {
      await mkdir(path.join(folder, "real"));
      await writeFile(path.join(folder, "real/compose.yaml"), a);
      await symlink(path.join(folder, "real"), path.join(folder, "link"));
      const { name, diagnostics } = await loadTree({ cwd: path.join(folder, "link"), environment: new Map() });
      expect(name).toBe("link");
      expect(diagnostics.map(({ code }) => code)).toEqual(["linked-folder"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test.each(["# nothing\n", "{}\n"])("a file that says nothing: %j", async (text) => {
  expect(await saidOf(text)).toEqual(["error: empty compose file: /demo/compose.yaml"]);
});

test("profiles of the flags take the place of COMPOSE_PROFILES", async () => {
  const files = { "compose.yaml": a, ".env": "COMPOSE_PROFILES= x , y,\n" };
  expect((await find(files)).profiles).toEqual(["x", "y", ""]);
  expect((await find(files, { profiles: ["z"] })).profiles).toEqual(["z"]);
});
