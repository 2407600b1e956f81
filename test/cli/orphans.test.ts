// Containers of a service that the file has lost: one may look into them, as with docker compose.
import path from "node:path";

import { beforeAll, expect, test } from "vitest";

import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

const service = `{ image: "${testImages.busybox}", command: sleep 1000, init: true, ports: ["127.0.0.1::80"] }`;

test("a service that only containers know has a name", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: ${service}, old: ${service} }`,
    "less.yaml": `services: { web: ${service}, off: { image: "${testImages.busybox}", profiles: [x] } }`,
  });
  await project.succeed("up", "-d");
  const less = ["-f", "less.yaml"];
  const looked = [
    await project.succeed(...less, "exec", "old", "echo", "in old"),
    await project.succeed(...less, "port", "old", "80"),
    await project.succeed(...less, "top", "old"),
    await project.succeed(...less, "images", "old"),
    await project.succeed(...less, "stats", "--no-stream", "old"),
    await project.succeed(...less, "export", "-o", path.join(project.folder, "old.tar"), "old"),
    await project.succeed(...less, "cp", "less.yaml", "old:/less.yaml"),
  ];
  expect(looked[0]).toBe("in old\n");
  expect(looked[1]).toMatch(/^127\.0\.0\.1:\d+\n$/);
  expect(looked[2]).toContain("sleep 1000");
  expect(looked[3]).toContain(project.container("old-1"));
  expect(looked[4]).toContain(project.container("old-1"));
  expect((await project.run("-f", "less.yaml", "exec", "odl", "true")).stderr).toBe(
    'error: no such service: odl\n  hint: did you mean "old"?\n',
  );
  expect((await project.run("-f", "less.yaml", "exec", "off", "true")).stderr).toContain("is not running");
});
