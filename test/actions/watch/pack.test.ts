// What is copied into containers while files are watched. That may go on for days, so nothing may be left open.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import { packFiles } from "../../../src/actions/watch/pack.ts";
import { connect } from "../../../src/engine/connect.ts";
import { ensureImage, testImages } from "../../harness/images.ts";
import { openFiles } from "../../harness/open-files.ts";
import { openProject } from "../../harness/project.ts";

test.skipIf(process.platform !== "linux")("an archive that nobody wants any more lets go of its file", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "tst-pack-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const file = path.join(root, "large");
  await writeFile(file, Buffer.alloc(8 * 1024 * 1024));
  for await (const _ of packFiles(new Map([["/large", { root, path: "large" }]]), { folders: true })) {
    await vi.waitFor(async () => expect(await openFiles()).toContain(file), { timeout: 10_000 });
    break;
  }
  await vi.waitFor(async () => expect(await openFiles()).not.toContain(file), { timeout: 10_000 });
});

test.skipIf(process.platform !== "linux")("nor does one that the engine refuses half way", async () => {
  await ensureImage(testImages.busybox);
  await using project = await openProject({
    "compose.yaml": `services: { web: { image: "${testImages.busybox}", command: sleep infinity } }`,
    large: Buffer.alloc(64 * 1024 * 1024).toString("latin1"),
  });
  await project.succeed("create");
  const engine = await connect({
    environment: new Map(Object.entries({ DOCKER_HOST: process.env["DOCKER_HOST"] ?? "" })),
  });
  onTestFinished(() => engine.close());
  const [container] = await engine.listContainers({ project: project.name, all: true });
  const root = project.folder;
  const tar = packFiles(new Map([["/large", { root, path: "large" }]]), { folders: true });
  const request = { path: "/there/is/no/such/folder", tar, copyOwner: true };
  await expect(engine.putArchive(container?.id ?? "", request)).rejects.toThrow("there/is/no/such/folder");
  await vi.waitFor(async () => expect(await openFiles()).not.toContain(path.join(root, "large")), { timeout: 10_000 });
});
