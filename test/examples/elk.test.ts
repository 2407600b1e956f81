import { expect, test } from "vitest";

import { addressOf, containersOf, fetchPage, inspectContainer, networksOf } from "../harness/engine-api.ts";
import { ensureImage } from "../harness/images.ts";
import { openExample } from "../harness/project.ts";

const images = { elasticsearch: "tscompose-test/elasticsearch", kibana: "tscompose-test/kibana" };
const override = `
services:
  elasticsearch:
    image: ${images.elasticsearch}
    ports: !override ["127.0.0.1::9200", "127.0.0.1::9300"]
  kibana:
    image: ${images.kibana}
    ports: !override ["127.0.0.1::5601"]
`;
const lowered = ["docker-compose.yml", "docker-compose.memlock.yml", "docker-compose.override.yml"];

test("elk asks for unlimited locked memory, and for its environment", async () => {
  await Promise.all(Object.values(images).map(ensureImage));
  await using project = await openExample("elk", override);
  await project.succeed("create");
  const elasticsearch = await inspectContainer(project.container("elasticsearch-1"));
  expect(elasticsearch?.HostConfig["Ulimits"]).toEqual([{ Name: "memlock", Hard: -1, Soft: -1 }]);
  expect(elasticsearch?.Config.Env).toEqual(
    expect.arrayContaining([
      "cluster.name=docker-cluster",
      "bootstrap.memory_lock=true",
      "ES_JAVA_OPTS=-Xms512m -Xmx512m",
    ]),
  );
});

test("elk comes up with lowered memlock, is listed, logs, and goes down", async () => {
  await Promise.all(Object.values(images).map(ensureImage));
  await using project = await openExample("elk", override, lowered);
  await project.succeed("up", "-d");

  const elasticsearch = await fetchPage(await addressOf(project.container("elasticsearch-1"), 9200));
  expect(JSON.parse(elasticsearch)).toMatchObject({ cluster_name: "docker-cluster" });
  expect(await fetchPage(await addressOf(project.container("kibana-1"), 5601))).toContain("Kibana");
  expect(await project.succeed("ps", "--services")).toBe("elasticsearch\nkibana\n");

  const logs = await project.start("logs", "-f", "kibana");
  await logs.waitFor(/kibana-1 +\| .*"Status is green/);
  logs.kill("SIGINT");
  await logs.ended;
  expect(logs.output()).not.toContain("elasticsearch-1");

  await project.succeed("down");
  expect(await containersOf(project.name)).toEqual([]);
  expect(await networksOf(project.name)).toEqual([]);
});
