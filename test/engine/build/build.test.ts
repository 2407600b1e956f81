import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type BuildTransport, buildOverRest } from "../../../src/engine/build/classic.ts";
import { connect } from "../../../src/engine/connect.ts";
import type { BuildProgress, BuildRequest, Engine } from "../../../src/engine/engine.ts";
import { call } from "../../harness/engine-api.ts";
import { ensureImage, testImages } from "../../harness/images.ts";

const answers = await call("GET", "/_ping").then(
  () => true,
  () => false,
);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tscompose-build-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const tag = `tst-${process.pid}-${Date.now() % 100_000}-build:1`;

function request(build: BuildRequest["build"], more: Partial<BuildRequest> = {}): BuildRequest {
  return {
    build: { context: folder, ...build },
    tags: [tag],
    labels: new Map(),
    secrets: new Map(),
    platforms: [],
    noCache: false,
    pull: false,
    ...more,
  };
}

async function all(progress: AsyncIterable<BuildProgress>): Promise<readonly BuildProgress[]> {
  const collected: BuildProgress[] = [];
  for await (const each of progress) collected.push(each);
  return collected;
}

/** What the person sees: output of commands, without where it came from. */
function output(progress: readonly BuildProgress[]): string {
  return progress.map((each) => (each.kind === "output" ? each.text : "")).join("");
}

describe.skipIf(!answers)("builds on a real engine", () => {
  let engine: Engine;
  beforeAll(async () => {
    await ensureImage(testImages.busybox);
    engine = await connect({ environment: new Map([["DOCKER_HOST", process.env["DOCKER_HOST"] ?? ""]]) });
  });
  afterAll(async () => {
    await engine.removeImage(tag);
    await engine.close();
  });

  test("arguments, target, labels, hosts, ignored files", async () => {
    write(
      "Dockerfile",
      [
        `FROM ${testImages.busybox} AS first`,
        "ARG WHO=nobody",
        "RUN echo hello $WHO; grep extra /etc/hosts; ulimit -n",
        "COPY . /context",
        "RUN find /context -type f | sort",
        "FROM first AS second",
        "RUN exit 1",
      ].join("\n"),
    );
    write(".dockerignore", "**/*.log\n!keep.log\n");
    write("a/deep/x.log", "");
    write("a/file", "");
    write("keep.log", "");
    const progress = await all(
      engine.buildImage(
        request(
          {
            args: new Map([["WHO", "you"]]),
            target: "first",
            extra_hosts: new Map([["extra", ["10.9.8.7"]]]),
            ulimits: new Map([["nofile", { soft: 512, hard: 512 }]]),
          },
          { labels: new Map([["made.by", "test"]]), noCache: true },
        ),
      ),
    );
    expect(output(progress)).toContain("hello you\n10.9.8.7\textra\n512\n");
    expect(output(progress)).toContain(
      "/context/.dockerignore\n/context/Dockerfile\n/context/a/file\n/context/keep.log\n",
    );
    const [last] = progress.slice(-1);
    const image = await engine.findImage(tag);
    expect(last).toEqual({ kind: "image", id: image?.id });
    expect(image?.labels.get("made.by")).toBe("test");
  });

  test("an inline Dockerfile keeps the cache of what it copies", async () => {
    write("file", "content");
    const inline = request({ dockerfile_inline: `FROM ${testImages.busybox}\nCOPY . /context\nRUN echo ran\n` });
    await all(engine.buildImage(inline));
    const again = await all(engine.buildImage(inline));
    const states = again.flatMap((each) => (each.kind === "step" && /COPY|RUN/.test(each.name) ? [each.state] : []));
    expect(states.filter((state) => state === "cached")).toHaveLength(2);
  });

  test("a failed command is an error with its output before it", async () => {
    write("Dockerfile", `FROM ${testImages.busybox}\nRUN echo about to fail; exit 7\n`);
    const seen: BuildProgress[] = [];
    const run = async (): Promise<void> => {
      for await (const each of engine.buildImage(request({}))) seen.push(each);
    };
    await expect(run()).rejects.toMatchObject({
      name: "EngineError",
      message: 'process "/bin/sh -c echo about to fail; exit 7" did not complete successfully: exit code: 7',
    });
    expect(output(seen)).toBe("about to fail\n");
    expect(seen.some((each) => each.kind === "step" && each.state === "failed")).toBe(true);
  });

  test("a large context is sent as it is read", async () => {
    write("Dockerfile", `FROM ${testImages.busybox}\nRUN true\n`);
    for (let index = 0; index < 8; index += 1) writeFileSync(join(folder, `big${index}`), Buffer.alloc(16_000_000));
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 5);
    await all(engine.buildImage(request({})));
    clearInterval(timer);
    expect(most).toBeLessThan(40_000_000);
  });
});

describe("what is refused before anything is sent", () => {
  const post = (): never => {
    throw new Error("sent");
  };
  const attempt = async (build: BuildRequest["build"]): Promise<{ message: string; hint: string }> => {
    const failure: unknown = await all(buildOverRest({ buildkit: true, post }, request(build))).catch(
      (error: unknown) => error,
    );
    const { message, hint } = failure as { message: string; hint: string };
    return { message: message.replaceAll(folder, "~"), hint };
  };

  test("a context that is not there", async () => {
    expect(await attempt({ context: join(folder, "nope") })).toMatchInlineSnapshot(`
      {
        "hint": "correct "context" of the build",
        "message": "the build context ~/nope is not a folder",
      }
    `);
  });

  test("a Dockerfile that is not there", async () => {
    expect(await attempt({ dockerfile: "other/Dockerfile" })).toMatchInlineSnapshot(`
      {
        "hint": "correct "dockerfile" of the build; it is relative to the context",
        "message": "there is no Dockerfile ~/other/Dockerfile",
      }
    `);
    expect((await attempt({ dockerfile: "../nope" })).message).toContain("there is no Dockerfile /");
  });

  test("what a build can do without is said", async () => {
    write("Dockerfile", "FROM scratch");
    const build = { provenance: "mode=max", sbom: "false", cache_from: ["img:1", "type=registry,ref=r/i", "type=gha"] };
    let query: object = {};
    const answer = Readable.from([]);
    const transport: BuildTransport = { buildkit: true, post: async (sent) => ((query = sent.query), answer) };
    expect(output(await all(buildOverRest(transport, request(build))))).toMatchInlineSnapshot(`
      "warning: provenance is not attached: that needs BuildKit
      warning: cache_from "type=gha" is not used: without BuildKit only images are
      "
    `);
    expect(query).toMatchObject({ cachefrom: '["img:1","r/i"]', version: "2", dockerfile: "Dockerfile", t: [tag] });
  });

  test("what only a BuildKit session could do", async () => {
    write("Dockerfile", "FROM scratch");
    const build = { additional_contexts: new Map([["a", "b"]]), secrets: [{ source: "s" }], platforms: ["a", "b"] };
    expect(await attempt(build)).toMatchInlineSnapshot(`
      {
        "hint": "set DOCKER_BUILDKIT=1 if the engine has it but does not use it, or do without secrets, additional_contexts",
        "message": "build with secrets, additional_contexts needs BuildKit, which this engine does not offer",
      }
    `);
  });
});
