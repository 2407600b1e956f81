import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { config, type ConfigOptions } from "../../src/actions/config.ts";
import { openContext } from "../../src/actions/open.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import { UsageError } from "../../src/model/error.ts";

const files = {
  "compose.yaml": `name: demo
services:
  web: {image: "busybox:\${TAG:-1}", depends_on: [db], command: 'echo $$HOME \${WHO:?tell me}', label_file: l.labels}
  db: {build: ., image: "", volumes: ["data:/d"], env_file: [db.env], models: [llm]}
  tools: {image: shell, profiles: [debug, all], networks: [back]}
networks: {back: }
volumes: {data: }
models: {llm: {model: ai/small}}
x-note: {z: 1, a: "\${TAG-}"}
`,
  "db.env": "SECRET=1\n",
  "l.labels": "com.example.x=1\n",
};

let folder = "";
beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), "tscompose-config-")));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

const everything: ConfigOptions = {
  services: [],
  interpolate: true,
  normalize: true,
  resolvePaths: true,
  checkConsistency: true,
  resolveEnvironment: true,
  quiet: false,
};

async function show(
  options: Partial<ConfigOptions>,
  source: { readonly profiles?: readonly string[]; readonly compatibility?: boolean } = {},
): Promise<string> {
  const { context } = openContext({ source: { cwd: folder, environment: new Map([["WHO", "me"]]), ...source } });
  return (await config(context, { ...everything, ...options })).replaceAll(folder, "/demo");
}

describe("lists", () => {
  test.each<[string, Partial<ConfigOptions>, string]>([
    ["services, dependencies first", { list: "services" }, "db web"],
    ["volumes", { list: "volumes" }, "data"],
    ["networks", { list: "networks" }, "default"],
    ["models", { list: "models" }, "ai/small"],
    ["images", { list: "images" }, "demo-db busybox:1"],
    ["images of one service", { list: "images", services: ["db"] }, "demo-db"],
    ["profiles, active or not", { list: "profiles" }, "all debug"],
    ["services as they are written", { list: "services", interpolate: false }, "db tools web"],
    ["images as they are written", { list: "images", interpolate: false }, "busybox:${TAG:-1}  shell"],
    ["volumes as they are written", { list: "volumes", interpolate: false }, "data"],
  ])("%s", async (_, options, names) => {
    expect((await show(options)).split("\n").join(" ").trimEnd()).toBe(names);
  });

  test("hashes, of all and of some", async () => {
    const all = await show({ hash: "*" });
    expect(all).toMatch(/^db [0-9a-f]{64}\nweb [0-9a-f]{64}\n$/);
    expect(await show({ hash: "web,db" })).toBe(all);
    expect(all).toContain(await show({ hash: "web" }));
  });

  test("a hash of what is not there", async () => {
    await expect(show({ hash: "wbe" })).rejects.toMatchObject({
      message: "no such service: wbe",
      hint: 'did you mean "web"?',
    });
    await expect(show({ hash: "tools" })).rejects.toThrow(UsageError);
  });

  test("variables as a table and as data", async () => {
    expect(await show({ list: "variables" })).toMatchInlineSnapshot(`
      "NAME                REQUIRED            DEFAULT VALUE       ALTERNATE VALUE
      TAG                 false               1
      WHO                 true
      "
    `);
    expect(JSON.parse(await show({ list: "variables", format: "json" }))).toMatchObject({
      TAG: { Name: "TAG", DefaultValue: "1", PresenceValue: "", Required: false },
      WHO: { Required: true },
    });
    expect(await show({ list: "variables", format: "yaml" })).toContain('TAG:\n  name: TAG\n  defaultvalue: "1"');
  });

  test("the environment, by name", async () => {
    const lines = (await show({ list: "environment" })).trimEnd().split("\n");
    expect(lines).toEqual(expect.arrayContaining(["COMPOSE_PROJECT_NAME=demo", "WHO=me"]));
    expect(lines).toEqual(lines.toSorted());
  });
});

describe("the project", () => {
  test("as YAML, which can be loaded again", async () => {
    expect(await show({})).toMatchInlineSnapshot(`
      "name: demo
      services:
        db:
          build:
            context: /demo
            dockerfile: Dockerfile
          environment:
            SECRET: "1"
          models:
            llm: null
          networks:
            default: null
          volumes:
            - type: volume
              source: data
              target: /d
              volume: {}
        web:
          command:
            - echo
            - $$HOME
            - me
          depends_on:
            db:
              condition: service_started
              required: true
          image: busybox:1
          labels:
            com.example.x: "1"
          networks:
            default: null
      networks:
        default:
          name: demo_default
      volumes:
        data:
          name: demo_data
      models:
        llm:
          model: ai/small
      x-note:
        a: ""
        z: 1
      "
    `);
  });

  test("as JSON, with the same content", async () => {
    const shown = JSON.parse(await show({ format: "json" }));
    expect(Object.keys(shown)).toEqual(["name", "networks", "services", "volumes", "x-note"]);
    expect(shown.services.web).toMatchObject({ command: ["echo", "$$HOME", "me"], entrypoint: null });
    expect(shown.services.web.labels).toEqual({ "com.example.x": "1" });
  });

  test("as it is written", async () => {
    expect(await show({ interpolate: false })).toMatchInlineSnapshot(`
      "models:
        llm:
          model: ai/small
      name: demo
      networks:
        back:
          name: demo_back
        default:
          name: demo_default
      services:
        db:
          build:
            context: /demo
            dockerfile: Dockerfile
          env_file:
            - path: /demo/db.env
              required: true
          image: ""
          models:
            llm: null
          networks:
            default: null
          volumes:
            - source: data
              target: /d
              type: volume
              volume: {}
        tools:
          image: shell
          networks:
            back: null
          profiles:
            - debug
            - all
        web:
          command: echo $$HOME \${WHO:?tell me}
          depends_on:
            db:
              condition: service_started
              required: true
          image: busybox:\${TAG:-1}
          label_file:
            - /demo/l.labels
          networks:
            default: null
      volumes:
        data:
          name: demo_data
      x-note:
        a: \${TAG-}
        z: 1
      "
    `);
  });

  test("of one service and what it needs", async () => {
    expect(Object.keys(JSON.parse(await show({ format: "json", services: ["db"] })).services)).toEqual(["db"]);
  });

  test.each<[string, Partial<ConfigOptions>, string, boolean]>([
    ["names without normalisation", { normalize: false }, "demo_data", false],
    ["relative paths without path resolution", { resolvePaths: false }, "context: .\n", true],
    ["env files when they are not read", { resolveEnvironment: false }, "- /demo/db.env\n", true],
    ["their variables when they are not read", { resolveEnvironment: false }, "SECRET", false],
    ["anything when it is to be quiet", { quiet: true }, "demo", false],
  ])("%s", async (_, options, text, shown) => {
    expect((await show(options)).includes(text)).toBe(shown);
  });

  test("in compatibility mode is not normalised", async () => {
    expect(await show({}, { compatibility: true })).not.toContain("networks:");
  });

  test("tells its warnings", async () => {
    const found: Diagnostic[] = [];
    const environment = new Map([
      ["WHO", "$(date"],
      ["X", "1"],
    ]);
    const { context } = openContext({ source: { cwd: folder, environment }, report: (each) => found.push(each) });
    await expect(config(context, everything)).rejects.toThrow("the command has an opening $( without a closing )");
  });
});

describe("images by digest", () => {
  const digest = `sha256:${"a".repeat(64)}`;

  test("are asked of the registry, each once", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader("docker-content-digest", digest).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const document = {
      services: {
        a: { image: `${registry}/team/app:1` },
        b: { image: `${registry}/team/app:1` },
        c: { image: `${registry}/pinned@${digest}` },
        d: { build: "." },
      },
    };
    const { context } = openContext({ source: { cwd: folder, environment: new Map(), document } });
    const locked = await config(context, { ...everything, digests: "only" });
    server.close();
    expect(asked).toEqual(["HEAD /v2/team/app/manifests/1"]);
    expect(locked.replaceAll(registry, "REGISTRY").replaceAll(digest, "DIGEST")).toMatchInlineSnapshot(`
      "services:
        a:
          image: REGISTRY/team/app:1@DIGEST
        b:
          image: REGISTRY/team/app:1@DIGEST
        c:
          image: REGISTRY/pinned@DIGEST
        d: {}
      "
    `);
  });

  test("cannot be had of a registry that is not there", async () => {
    const document = { services: { a: { image: "127.0.0.1:1/app" } } };
    const { context } = openContext({ source: { cwd: folder, environment: new Map(), document } });
    await expect(config(context, { ...everything, digests: "resolve" })).rejects.toThrow(UsageError);
  });
});
