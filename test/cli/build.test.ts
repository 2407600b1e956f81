import { symlink } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import { imageTags } from "../harness/clean.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject } from "../harness/project.ts";

beforeAll(async () => {
  await ensureImage(testImages.busybox);
});

describe("build --print", () => {
  const everything = `
services:
  base: { build: { dockerfile_inline: "FROM scratch\\nENV A=$\${x}\\n" } }
  web.one:
    image: foo/web:1
    depends_on: [db]
    build:
      context: app
      dockerfile: ../Other
      target: t
      args: { A: "1", B: 'a$\${b}', UNSET: }
      labels: { l: "1" }
      tags: ["x:1", "y:2"]
      cache_from: [foo/cache, "type=registry,ref=a/b"]
      cache_to: ["type=inline"]
      extra_hosts: ["a:1.2.3.4", "a:1.2.3.5", "b=::1"]
      network: host
      no_cache: true
      pull: true
      platforms: [linux/amd64]
      shm_size: 64m
      ulimits: { nproc: { soft: 1, hard: 2 } }
      entitlements: [network.host]
      privileged: true
      provenance: mode=max
      sbom: true
      secrets: [s, { source: e, target: other, mode: 0400 }]
      ssh: [default, "k=/tmp/key"]
      additional_contexts: { base: service:base, dir: ./app, img: docker-image://x, git: "https://example.com/a.git" }
  db: { build: app }
  linked: { build: { context: link/sub, dockerfile: ../Other } }
  none: { image: x }
secrets: { s: { file: ./s }, e: { environment: TOKEN } }
`;

  /** The peer's order is another one each time. */
  const read = (text: string): unknown =>
    JSON.parse(text, (_, value: unknown) =>
      Array.isArray(value) ? value.map(String).toSorted((a, b) => (a < b ? -1 : 1)) : value,
    );

  test.skipIf(!hasPeer).each([[], ["db"], ["--push", "--build-arg", "X=1", "--ssh", "default", "--no-cache", "db"]])(
    "is what docker compose prints: %s %s",
    async (...flags) => {
      await using project = await openProject({
        "compose.yaml": everything,
        ".env": "TOKEN=t",
        "app/sub/x": "",
        s: "",
      });
      await symlink("app", path.join(project.folder, "link"));
      const printed = await project.succeed("build", "--print", ...flags);
      expect(read(printed)).toEqual(read((await peer(project, "build", "--print", ...flags)).stdout));
      expect(await imageTags()).not.toContain(`${project.name}-db:latest`);
    },
  );

  test("has bases of what was asked for, and what only flags say", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  base: { build: base }
  app: { build: { context: app, additional_contexts: { base: service:base } } }
`,
      "app/x": "",
      "base/x": "",
    });
    const printed = JSON.parse(await project.succeed("build", "--print", "--provenance", "false", "--check", "app"));
    expect(printed.group.default.targets).toEqual(["app", "base"]);
    expect(printed.target.app).toMatchObject({
      contexts: { base: "target:base" },
      call: "lint",
      attest: ["type=provenance,disabled=true"],
    });
    expect(printed.target.app).not.toHaveProperty("output");
  });
});

describe("build --check", () => {
  test("says what is questionable, where, and builds nothing", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  web: { build: { dockerfile: docker/Web } }
  fine: { build: { dockerfile_inline: "FROM scratch\\nENV A=b\\n" } }
`,
      "docker/Web": "FROM scratch AS first\nENV a b\nfrom first\n",
    });
    const { code, stdout } = await project.run("build", "--check");
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "fine: no warnings
      web:
      warning: "ENV key=value" should be used instead of legacy "ENV key value" format (LegacyKeyValueFormat)
        docker/Web:2:1
          1 │ FROM scratch AS first
          2 │ ENV a b
            │ ^^^^^^^
        hint: https://docs.docker.com/go/dockerfile/rule/legacy-key-value-format/

      warning: Command 'from' should match the case of the command majority (uppercase) (ConsistentInstructionCasing)
        docker/Web:3:1
          2 │ ENV a b
          3 │ from first
            │ ^^^^^^^^^^
        hint: https://docs.docker.com/go/dockerfile/rule/consistent-instruction-casing/
      "
    `);
    expect(await imageTags()).not.toContain(`${project.name}-fine:latest`);
    expect(await project.run("build", "--check", "fine")).toMatchObject({ code: 0, stdout: "fine: no warnings\n" });
  });

  test("a Dockerfile that cannot be read is an error with its place", async () => {
    await using project = await openProject({
      "compose.yaml": "services: { web: { build: . } }",
      Dockerfile: "FROM scratch\nFOO bar\n",
    });
    const { code, stdout } = await project.run("build", "--check");
    expect(code).toBe(1);
    expect(stdout).toContain("unknown instruction: FOO");
    expect(stdout).toContain("\n  Dockerfile:2:1\n");
  });
});

describe("progress", () => {
  const files = {
    "compose.yaml": "services: { app: { build: . } }",
    Dockerfile: `FROM ${testImages.busybox}\nENV RUN_OF=${process.pid}.${Date.now()}\nRUN echo printed\n`,
  };

  test("plain: steps with their times, what they print, and what was cached", async () => {
    await using project = await openProject(files);
    const first = await project.run("--progress", "plain", "build");
    expect(first.stderr).toMatch(/ Image \S+-app {2}\[2\/2\] RUN echo printed\n/);
    expect(first.stderr).toMatch(/ Image \S+-app {2}printed\n/);
    expect(first.stderr).toMatch(/ Image \S+-app {2}\[2\/2\] RUN echo printed DONE \d+\.\ds\n/);
    const second = await project.run("build", "--progress", "plain");
    expect(second.stderr).toMatch(/ Image \S+-app {2}\[2\/2\] RUN echo printed CACHED\n/);
    expect(second.stderr).not.toMatch(/ {2}printed\n/);
  });

  test("json: one object a line; quiet: nothing", async () => {
    await using project = await openProject(files);
    for (const flags of [
      ["--progress", "json", "build"],
      ["build", "--progress", "json"],
    ]) {
      const { stderr } = await project.run(...flags);
      const events = stderr
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { readonly text?: string });
      expect(events.length).toBeGreaterThan(4);
    }
    for (const flags of [
      ["build", "--quiet"],
      ["--progress", "quiet", "build"],
      ["build", "--progress", "quiet"],
    ]) {
      expect(await project.run(...flags)).toEqual({ code: 0, stdout: "", stderr: "" });
    }
  });
});

test("--memory is for the classic builder; what is no size is said before anything is done", async () => {
  await using project = await openProject({
    "compose.yaml": "services: { app: { build: { dockerfile_inline: 'FROM scratch' } } }",
  });
  const limited = await project.run("build", "-m", "100m", "--builder", "other");
  expect(limited.stderr).toContain("--memory limits the classic builder only");
  expect(limited.stderr).toContain("--builder other has no effect");
  expect(limited.code).toBe(0);
  const wrong = await project.run("build", "--memory", "much");
  expect(wrong.stderr).toContain('--memory: "much" is not a size');
  expect(wrong.code).toBe(1);
});
