import { describe, expect, test } from "vitest";

import { child } from "../../src/loader/tree.ts";
import { diagnosticsOf, plain, saidOf, treeOf, webOf } from "./tree-text.ts";

test("a project of its own: its folder, its .env; name and version are not taken over", async () => {
  const files = {
    "compose.yaml": "include: [lib/compose.yaml]\nname: outer\n",
    "lib/compose.yaml":
      "name: inner\nversion: '3'\nx-y: 1\nservices: {web: {image: 'b:${TAG}', build: ., environment: [FROM_LIB, SHARED]}}\nvolumes: {v: }\n",
    "lib/.env": "TAG=lib\nFROM_LIB=yes\nSHARED=lib\n",
    ".env": "SHARED=outer\n",
  };
  expect(await webOf(files)).toEqual({
    image: "b:lib",
    build: { context: "/demo/lib" },
    environment: ["FROM_LIB=yes", "SHARED=outer"],
  });
  const { tree, name } = await treeOf(files);
  expect(name).toBe("outer");
  expect([...tree.entries.keys()]).toEqual(["name", "services", "volumes"]);
});

test("several files, another folder, other env files", async () => {
  const files = {
    "compose.yaml": "include: [{path: [a/one.yaml, b/two.yaml], project_directory: p, env_file: [one.env, two.env]}]\n",
    "a/one.yaml": "services: {web: {image: '${A}${B}', volumes: ['./x:/x']}}\n",
    "b/two.yaml": "services: {web: {hostname: h}}\n",
    "p/.env": "A=never\n",
    "one.env": "A=1\nB=1\n",
    "two.env": "B=2\n",
  };
  expect(await webOf(files)).toMatchObject({ image: "12", hostname: "h", volumes: [{ source: "/demo/p/x" }] });
});

test("in each other", async () => {
  const files = {
    "compose.yaml": "include: [a/a.yaml]\n",
    "a/a.yaml": "include: [b/b.yaml]\n",
    "a/b/b.yaml": "services: {web: {image: i, volumes: ['../x:/x']}}\n",
  };
  expect(await webOf(files)).toMatchObject({ volumes: [{ source: "/demo/a/x" }] });
});

test("a later file may override what is included", async () => {
  const files = {
    "compose.yaml": "include: [lib.yaml]\n",
    "compose.override.yaml": "services: {web: {ports: !override ['81']}}\n",
    "lib.yaml": "services: {web: {image: i, ports: ['80']}}\n",
  };
  expect(await webOf(files)).toMatchObject({ image: "i", ports: [{ target: 81 }] });
});

test("the same file twice, through others, is no conflict", async () => {
  const files = {
    "compose.yaml": "include: [a.yaml, b.yaml]\n",
    "a.yaml": "include: [lib.yaml]\n",
    "b.yaml": "include: [lib.yaml]\n",
    "lib.yaml": "services: {web: {image: i, ports: ['80']}}\n",
  };
  expect(await saidOf(files)).toEqual([]);
});

test("secrets keep the value that the included file saw", async () => {
  const files = {
    "compose.yaml": "include: [lib/compose.yaml]\n",
    "lib/compose.yaml": "services: {web: {image: b}}\nsecrets: {s: {environment: TOKEN}}\n",
    "lib/.env": "TOKEN=hidden\n",
  };
  const { tree } = await treeOf(files);
  const name = child(child(child(tree, "secrets"), "s"), "environment");
  expect(plain(name)).toBe("TOKEN");
  expect(name?.kind === "scalar" && name.captured).toBe("hidden");
});

describe("mistakes", () => {
  test("a circle, with every edge", async () => {
    const files = {
      "compose.yaml": "include:\n  - a.yaml\nservices: {web: {image: b}}\n",
      "a.yaml": "include:\n  - b.yaml\n",
      "b.yaml": "include:\n  - compose.yaml\n",
    };
    expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
      "
      error: include cycle detected: /demo/compose.yaml → /demo/a.yaml → /demo/b.yaml → /demo/compose.yaml
        b.yaml:2:5
          1 │ include:
          2 │   - compose.yaml
            │     ^^^^^^^^^^^^
        note: /demo/a.yaml is included here
        compose.yaml:2:5
          2 │   - a.yaml
            │     ^^^^^^
        note: /demo/b.yaml is included here
        a.yaml:2:5
          2 │   - b.yaml
            │     ^^^^^^
        hint: move what they share to a file of its own
      "
    `);
  });

  test("the same name for different things", async () => {
    const files = {
      "compose.yaml": "include: [lib.yaml]\nservices:\n  web:\n    image: other\n",
      "lib.yaml": "services:\n  web:\n    image: b\n",
    };
    expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
      "
      error: services.web conflicts with an imported resource of the same name
        compose.yaml:3:3
          2 │ services:
          3 │   web:
            │   ^^^
        note: imported from here
        lib.yaml:2:3
          2 │   web:
            │   ^^^
        hint: give one another name, or change the included one in an override file
      "
    `);
  });

  test.each([
    ["lib.yaml", "error: `include` must be a list"],
    ["[gone.yaml]", "error: the compose file /demo/gone.yaml does not exist"],
    ["[{env_file: x}]", "error: an include names no file"],
    ["[{path: compose.yaml}]", "error: include cycle detected: /demo/compose.yaml → /demo/compose.yaml"],
    ["[{path: lib.yaml, env_file: gone.env}]", "error: the env file /demo/gone.env does not exist"],
  ])("include: %s", async (value, said) => {
    const files = {
      "compose.yaml": `include: ${value}\nservices: {web: {image: b}}\n`,
      "lib.yaml": "services: {a: {image: b}}\n",
    };
    expect(await saidOf(files)).toEqual([said]);
  });
});
