import { describe, expect, test } from "vitest";

import { diagnosticsOf, saidOf, webOf } from "./tree-text.ts";

test("a service of the same file", async () => {
  const text =
    "services: {web: {extends: base, command: x}, base: {image: b, command: y, profiles: [p], depends_on: [db]}}\n";
  expect(await webOf(text)).toEqual({
    image: "b",
    command: "x",
    profiles: ["p"],
    depends_on: { db: { condition: "service_started", required: true } },
  });
});

test("files that extend files: paths belong to the file that says them", async () => {
  const files = {
    "compose.yaml": "services: {web: {extends: {file: a/one.yaml, service: one}, volumes: ['./w:/w']}}\n",
    "a/one.yaml":
      "services: {one: {extends: {file: b/two.yaml, service: two}, volumes: ['./o:/o'], env_file: one.env}}\n",
    "a/b/two.yaml": "services: {two: {image: i, build: ., volumes: ['../t:/t', '~/h:/h', '/abs:/abs']}}\n",
  };
  const adjust = { environment: new Map([["HOME", "/home/me"]]) };
  expect(await webOf(files, adjust)).toMatchObject({
    image: "i",
    build: { context: "/demo/a/b" },
    env_file: [{ path: "/demo/a/one.env" }],
    volumes: [
      { source: "/demo/a/t" },
      { source: "/home/me/h" },
      { source: "/abs" },
      { source: "/demo/a/o" },
      { source: "/demo/w" },
    ],
  });
  expect(await webOf(files, { ...adjust, resolvePaths: false })).toMatchObject({
    build: { context: "a/b" },
    volumes: [{ source: "a/t" }, { source: "/home/me/h" }, { source: "/abs" }, { source: "a/o" }, { source: "./w" }],
  });
});

test("tags clear what is extended", async () => {
  const text =
    "services: {web: {extends: base, ports: !reset [], environment: !override {B: 2}}, base: {image: b, ports: ['80'], environment: {A: 1}}}\n";
  expect(await webOf(text)).toEqual({ image: "b", environment: { B: 2 } });
});

test("a service that an include brings can be extended", async () => {
  const files = {
    "compose.yaml": "include: [lib.yaml]\nservices: {web: {extends: base}}\n",
    "lib.yaml": "services: {base: {image: b}}\n",
  };
  expect(await webOf(files)).toEqual({ image: "b" });
});

test("an empty service gives nothing, and stays mentioned", async () => {
  const files = {
    "compose.yaml": "services: {web: {image: a, extends: {file: lib.yaml, service: base}}}\n",
    "lib.yaml": "services: {base: }\n",
  };
  expect(await webOf(files)).toEqual({ image: "a", extends: { file: "/demo/lib.yaml", service: "base" } });
});

describe("mistakes", () => {
  test("a circle, with every edge", async () => {
    const files = {
      "compose.yaml": "services:\n  web:\n    extends:\n      file: lib.yaml\n      service: base\n",
      "lib.yaml": "services:\n  base:\n    extends: common\n  common:\n    extends: base\n",
    };
    expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
      "
      error: circular reference: services extend each other: base → common → base
        lib.yaml:5:14
          4 │   common:
          5 │     extends: base
            │              ^^^^
        note: "base" extends "common" here
        lib.yaml:3:14
          3 │     extends: common
            │              ^^^^^^
        hint: move what they share to a service of its own
      "
    `);
  });

  test("a name that nobody has", async () => {
    const files = {
      "compose.yaml":
        "services:\n  web: {image: a, extends: {file: lib.yaml, service: bse}}\n  db: {image: a, extends: wbe}\n",
      "lib.yaml": "services: {base: {image: b}}\n",
    };
    expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
      "
      error: service "web" extends "bse", but /demo/lib.yaml has no such service
        compose.yaml:2:54  services.web.extends
          1 │ services:
          2 │   web: {image: a, extends: {file: lib.yaml, service: bse}}
            │                                                      ^^^
        hint: did you mean "base"?

      error: service "db" extends "wbe", but this file has no such service
        compose.yaml:3:27  services.db.extends
          2 │   web: {image: a, extends: {file: lib.yaml, service: bse}}
          3 │   db: {image: a, extends: wbe}
            │                           ^^^
        hint: did you mean "web"?

      2 errors
      "
    `);
  });

  test.each([
    ["{file: gone.yaml, service: x}", "error: the compose file /demo/gone.yaml does not exist"],
    ["{file: compose.yaml}", "error: services.web.extends: service is required"],
    ["[a]", "error: services.web.extends: service is required"],
    ["web", "error: circular reference: services extend each other: web → web"],
  ])("extends: %s", async (value, said) => {
    expect(await saidOf(`services: {web: {image: a, extends: ${value}}}\n`)).toEqual([said]);
  });

  test("a mistake in the extended file is told where it is, once, however many extend it", async () => {
    const files = {
      "compose.yaml":
        "services: {web: {extends: {file: lib.yaml, service: base}}, db: {extends: {file: lib.yaml, service: base}}}\n",
      "lib.yaml": "services:\n  base:\n    image: b\n    ports: ['80:x']\n",
    };
    expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
      "
      error: port "80:x" has an invalid port "x"
        lib.yaml:4:17  services.base.ports[0]
          3 │     image: b
          4 │     ports: ['80:x']
            │                 ^
        hint: write it as [[HOST_IP:]PUBLISHED:]TARGET[/PROTOCOL]
      "
    `);
  });

  test("a chain that never ends is cut", async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `  s${index}: {extends: s${index + 1}}\n`);
    const said = await saidOf(`services:\n${names.join("")}  s2000: {image: b}\n`);
    expect(said[0]).toBe("error: services extend each other in a chain of more than 100");
  });
});
