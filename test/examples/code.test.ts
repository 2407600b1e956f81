import { expect, test } from "vitest";

import { ensureImage, testImages } from "../harness/images.ts";
import { openExample } from "../harness/project.ts";

test("code: a service for each queue, started when the database is healthy", async () => {
  const redis = await ensureImage("tscompose-test/redis");
  await ensureImage(testImages.busybox);
  await using project = await openExample("code", "services: {}\n", ["compose.ts"]);
  const env = { REDIS_IMAGE: redis, BUSYBOX_IMAGE: testImages.busybox };
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await project.runWith({ env }, ...args);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  };
  await run("up", "-d", "--wait");
  expect((await run("ps", "--format", "{{.Service}} {{.State}}")).trim().split("\n").toSorted()).toEqual([
    "redis running",
    "worker-jobs running",
    "worker-mail running",
  ]);
  const said = (): Promise<string> => run("logs", "--no-log-prefix", "worker-mail");
  await expect.poll(said, { timeout: 20_000 }).toMatch(/^queue mail, process \d+\n$/);
  expect(await run("plan")).toMatch(/^nothing to do/);
  const { stdout } = await project.runWith({ env: { ...env, QUEUES: "mail,video" } }, "plan");
  expect(stdout).toContain("worker-video");
});
