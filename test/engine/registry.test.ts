import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect } from "../../src/engine/connect.ts";
import type { Engine, TransferProgress } from "../../src/engine/engine.ts";
import { EngineError } from "../../src/model/error.ts";
import { call } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openRegistry, type Registry, registryLogin } from "../harness/registry.ts";

const answers = await call("GET", "/_ping").then(
  () => true,
  () => false,
);

describe.skipIf(!answers)("a registry that asks for a login", () => {
  let registry: Registry;
  let folder: string;

  beforeAll(async () => {
    registry = await openRegistry({ login: "basic" });
    folder = await mkdtemp(join(tmpdir(), "tscompose-registry-"));
    await ensureImage(testImages.busybox);
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function open(login: typeof registryLogin | undefined): Promise<Engine> {
    const auth = login && Buffer.from(`${login.username}:${login.password}`).toString("base64");
    const auths = auth === undefined ? {} : { [registry.address]: { auth } };
    await writeFile(join(folder, "config.json"), JSON.stringify({ auths }));
    return connect({
      environment: new Map([
        ["DOCKER_CONFIG", folder],
        ["DOCKER_HOST", process.env["DOCKER_HOST"] ?? ""],
      ]),
    });
  }

  // Base64 ends differently for each length; one of them is padded, and the engine insists on the padding.
  test.each(["a", "ab", "abc"])("push and pull of %s with the stored credentials", async (repository) => {
    const image = `${registry.address}/${repository}:1`;
    const [name, tag] = [image.slice(0, -2), "1"];
    await call("POST", `/images/${testImages.busybox}/tag?repo=${encodeURIComponent(name)}&tag=${tag}`);
    const engine = await open(registryLogin);
    const pushed = await all(engine.pushImage(image));
    expect(pushed.some(({ status }) => /digest: sha256/.test(status))).toBe(true);
    expect(await engine.removeImage(image)).toBe("removed");
    const pulled = await all(engine.pullImage(image, {}));
    expect(pulled.at(-1)?.status).toBe(`Status: Downloaded newer image for ${image}`);
    expect(await engine.removeImage(image)).toBe("removed");
    await engine.close();
  });

  test("without credentials the failure says what to do", async () => {
    const engine = await open(undefined);
    const failure: unknown = await all(engine.pullImage(`${registry.address}/a:1`, {})).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure).toMatchObject({
      message: `${registry.address} does not let you pull without a login`,
      hint: `run "docker login ${registry.address}" first`,
    });
    await engine.close();
  });

  test("an image that the registry does not have", async () => {
    const engine = await open(registryLogin);
    await expect(all(engine.pullImage(`${registry.address}/nope:1`, {}))).rejects.toMatchObject({
      message: `the registry has no image ${registry.address}/nope:1`,
    });
    await engine.close();
  });
});

async function all(lines: AsyncIterable<TransferProgress>): Promise<TransferProgress[]> {
  const collected: TransferProgress[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}
