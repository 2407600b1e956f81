// Projects of a size that nobody writes by hand, but a generator does.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { builtCli, cliEnvironment } from "../harness/cli.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

test("what is there is looked up with fewer connections than the system lets a process have", async () => {
  await ensureImage(testImages.busybox);
  const volumes = Array.from({ length: 500 }, (_, index) => `volume-${index}`);
  await using project = await openProject({
    "compose.yaml": JSON.stringify({
      services: { web: { image: testImages.busybox, volumes: volumes.map((name) => `${name}:/${name}`) } },
      volumes: Object.fromEntries(volumes.map((name) => [name, {}])),
    }),
  });
  const command = [process.execPath, await builtCli(), "up", "--dry-run"];
  const { stdout } = await promisify(execFile)("sh", ["-c", 'ulimit -n 256; exec "$@"', "sh", ...command], {
    cwd: project.folder,
    env: cliEnvironment({ COMPOSE_PROJECT_NAME: project.name }),
  });
  expect(stdout.split("\n").filter((line) => line.includes("create  volume"))).toHaveLength(500);
});
