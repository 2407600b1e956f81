import { describe, expect, test } from "vitest";

import { networkHash, serviceHash, serviceHashes, volumeHash } from "../../src/model/hash.ts";
import { encodeJson } from "../../src/model/json-text.ts";
import type { Service } from "../../src/model/project.ts";

const plain: Service = {
  name: "web",
  image: "busybox",
  command: ["sleep", "1000"],
  networks: new Map([["back", null]]),
  stop_grace_period: 1000,
};
const hashOf = (service: Service): string => serviceHash(service, { generation: "v2" });

// Taken from labels that docker compose 2.40.3 put on containers, networks and volumes.
describe("the hashes that docker compose gives", () => {
  test("to a service", () => {
    expect(hashOf(plain)).toBe("f50547a7b37a38ad639273cf3deffd687d66aa215d9e4b2bf39eb2661d1c1180");
  });

  test("to a network", () => {
    const hash = networkHash({ key: "front", name: "demo_front" }, "v2");
    expect(hash).toBe("a5bf3cb7e95ac39d60f43d425b3a11b1484f5a5f760e02f65172e5093954356d");
  });

  test("to a volume, whose driver is local unless it says another", () => {
    const expected = "504ad458c80a54e9120954e1d0ad581a3e0d7b50499e9f2755876d04a2d3321a";
    expect(volumeHash({ key: "data", name: "demo_data" })).toBe(expected);
    expect(volumeHash({ key: "data", name: "demo_data", driver: "local" })).toBe(expected);
    expect(volumeHash({ key: "data", name: "demo_data", driver: "nfs" })).not.toBe(expected);
  });
});

describe("a service's hash", () => {
  test.each<[string, Partial<Service>]>([
    ["build", { build: { context: "." } }],
    ["pull_policy", { pull_policy: "always" }],
    ["scale", { scale: 3 }],
    ["depends_on", { depends_on: new Map([["db", { condition: "service_started", required: true }]]) }],
    ["profiles", { profiles: ["debug"] }],
    ["env_file", { env_file: [{ path: "/demo/.env", required: true }] }],
    ["extensions", { extensions: new Map([["x-note", "hello"]]) }],
  ])("is the same whatever %s says", (_, change) => {
    expect(hashOf({ ...plain, ...change })).toBe(hashOf(plain));
  });

  test.each<[string, Partial<Service>]>([
    ["image", { image: "alpine" }],
    ["label_file", { label_file: ["/demo/labels"] }],
    ["an empty command", { command: [] }],
    ["deploy, beyond its replicas", { deploy: { mode: "global" } }],
    ["a variable without a value", { environment: new Map([["A", null]]) }],
  ])("changes with %s", (_, change) => {
    expect(hashOf({ ...plain, ...change })).not.toBe(hashOf(plain));
  });

  test("is the same whatever the number of replicas", () => {
    expect(hashOf({ ...plain, deploy: { replicas: 2 } })).toBe(hashOf({ ...plain, deploy: { replicas: 5 } }));
  });

  test("of a built service has the default platform in it", () => {
    const built: Service = { ...plain, build: { context: "." } };
    const hash = serviceHash(built, { generation: "v2", defaultPlatform: "linux/arm64" });
    expect(hash).toBe(hashOf({ ...plain, platform: "linux/arm64" }));
    expect(serviceHash(plain, { generation: "v2", defaultPlatform: "linux/arm64" })).toBe(hashOf(plain));
  });

  test("follows the containers whose namespaces it shares", () => {
    const shared: Service = { name: "web", image: "busybox", network_mode: "service:db" };
    const hash = serviceHash(shared, { generation: "v2", idOf: (name) => (name === "db" ? "abc" : undefined) });
    expect(hash).toBe(hashOf({ ...shared, network_mode: "container:abc" }));
  });

  test("has two forms when a bind mount says what to do about a missing folder", () => {
    const bound = (create_host_path?: boolean): Service => ({
      ...plain,
      volumes: [
        { type: "bind", source: "/a", target: "/b", bind: create_host_path === undefined ? {} : { create_host_path } },
      ],
    });
    expect(serviceHashes(plain, {})).toHaveLength(1);
    expect(serviceHashes(bound(), {})).toHaveLength(1);
    const [v2, v5] = serviceHashes(bound(true), {});
    expect(v5).toBe(hashOf(bound()));
    expect(v2).not.toBe(v5);
    expect(serviceHashes(bound(false), {})[0]).toBe(hashOf(bound()));
  });
});

test("JSON is escaped as Go escapes it", () => {
  const text = '<a href="x">&</a> \u2028\u2029 é 😀 \\u003c\n';
  expect(encodeJson(text)).toBe(
    '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u003c/a\\u003e \\u2028\\u2029 é 😀 \\\\u003c\\n"',
  );
  expect(JSON.parse(encodeJson(text))).toBe(text);
});
