import { expect, test } from "vitest";

import { containersOf, inspectContainer } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openExample } from "../harness/project.ts";

const image = testImages.busybox;
const override = `
services:
  schema: { image: ${image} }
  database: { image: ${image} }
  api: { image: ${image} }
  web:
    image: ${image}
    ports: !override ["127.0.0.1::8080"]
`;

test("health-chain starts each link after the one before it", async () => {
  await ensureImage(image);
  await using project = await openExample("health-chain", override);
  await project.succeed("up", "-d", "--wait");

  const links = await Promise.all(
    ["schema-1", "database-1", "api-1", "web-1"].map((name) => inspectContainer(project.container(name))),
  );
  const starts = links.map((each) => each?.State.StartedAt ?? "");
  expect(starts).toEqual(starts.toSorted());
  expect(links.map((each) => each?.State.Status)).toEqual(["exited", "running", "running", "running"]);
  expect(links.map((each) => each?.State.ExitCode)).toEqual([0, 0, 0, 0]);
  expect(links.slice(1).map((each) => each?.State.Health?.Status)).toEqual(["healthy", "healthy", "healthy"]);

  await project.succeed("down");
  expect(await containersOf(project.name)).toEqual([]);
});

test("health-chain stops where a link never becomes healthy", async () => {
  await ensureImage(image);
  const failing = 'api: { healthcheck: { test: ["CMD", "false"], retries: 2, start_period: 0s, interval: 100ms },';
  await using project = await openExample("health-chain", override.replace("api: {", failing));
  const { code, stderr } = await project.run("up", "-d");
  expect(code).toBe(1);
  expect(stderr).toMatch(/api.*unhealthy/);
  expect((await inspectContainer(project.container("web-1")))?.State.Status).toBe("created");
});
