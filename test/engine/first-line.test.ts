// Run on older engines, too: there a process has written its first line before the engine takes the time of its start.
import { beforeAll, expect, test } from "vitest";

import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

test("attached up shows what a container writes at once, in each of its lives", async () => {
  await using project = await openProject({
    "compose.yaml": `services: { web: { image: ${testImages.busybox}, command: [echo, first line] } }`,
  });
  for (let life = 1; life <= 4; life += 1) {
    const { stdout } = await project.run("up");
    const lines = stdout.split("\n").filter((line) => line.startsWith("web-1"));
    expect(lines.map((line) => line.replace(/ +/, " "))).toEqual(["web-1 | first line", "web-1 exited with code 0"]);
  }
});
