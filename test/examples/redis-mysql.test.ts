import { expect, test } from "vitest";

import { addressOf, fetchPage, inspectContainer, volumesOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openExample } from "../harness/project.ts";

const images = { redis: "tscompose-test/redis", mysql: "tscompose-test/mysql", web: testImages.busybox };
const override = `
services:
  redis: { image: ${images.redis} }
  mysql: { image: ${images.mysql} }
  web:
    image: ${images.web}
    ports: !override ["127.0.0.1::8080"]
`;

test("redis-mysql starts its page when both databases are healthy, and keeps their data", async () => {
  await Promise.all(Object.values(images).map(ensureImage));
  await using project = await openExample("redis-mysql", override);
  await project.succeed("up", "-d");

  const [redis, mysql, web] = await Promise.all(
    ["redis-1", "mysql-1", "web-1"].map((name) => inspectContainer(project.container(name))),
  );
  expect([redis, mysql].map((each) => each?.State.Health?.Status)).toEqual(["healthy", "healthy"]);
  const startOfWeb = web?.State.StartedAt ?? "";
  expect([redis, mysql].every((each) => (each?.State.StartedAt ?? "~") < startOfWeb)).toBe(true);

  const page = `${await addressOf(project.container("web-1"), 8080)}/cgi-bin/visits`;
  expect(await fetchPage(page)).toBe("visit number 1\n");
  expect(await fetchPage(page)).toBe("visit number 2\n");

  await project.succeed("down");
  const names = async (): Promise<readonly string[]> => (await volumesOf(project.name)).map(({ Name }) => Name).sort();
  expect(await names()).toEqual([`${project.name}_mysql-data`, `${project.name}_redis-data`]);
  await project.succeed("down", "-v");
  expect(await names()).toEqual([]);
});
