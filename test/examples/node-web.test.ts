import { expect, test } from "vitest";

import { addressOf, containersOf, fetchPage, inspectContainer } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openExample } from "../harness/project.ts";

const override = `
services:
  web:
    build:
      args:
        NODE_IMAGE: ${testImages.node}
    ports: !override ["127.0.0.1::8080"]
`;

test("node-web is built from its Dockerfile, answers, and stops at once", async () => {
  await ensureImage(testImages.node);
  await using project = await openExample("node-web", override);
  await project.succeed("up", "-d", "--wait");

  const web = await inspectContainer(project.container("web-1"));
  expect(web?.State.Health?.Status).toBe("healthy");
  expect(web?.Config.Image).toBe(`${project.name}-web`);
  const page = await fetchPage(await addressOf(project.container("web-1"), 8080));
  expect(page).toBe(`Hello from ${web?.Id.slice(0, 12)}, Node ${process.version}\n`);
  expect(await project.succeed("logs", "--no-log-prefix", "web")).toContain("listening on port 8080");

  await project.succeed("up", "-d", "--wait");
  expect((await inspectContainer(project.container("web-1")))?.State.StartedAt).toBe(web?.State.StartedAt);

  await project.succeed("stop");
  // After ten seconds it would have been killed.
  expect((await inspectContainer(project.container("web-1")))?.State.ExitCode).toBe(0);
  await project.succeed("down");
  expect(await containersOf(project.name)).toEqual([]);
});
