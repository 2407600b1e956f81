import { describe, expect, test } from "vitest";

import type { Service } from "../../../src/model/project.ts";
import { loadService, serviceMistakes } from "../load-text.ts";

/** YAML of one field → what the model says of it. */
const cases: Readonly<Record<string, readonly (readonly [yaml: string, expected: unknown])[]>> = {
  mem_limit: [
    ["1g", 1024 ** 3],
    ["1.5 KiB", 1536],
    ["100", 100],
    ["1.9", 1],
    ['"0.5m"', 512 * 1024],
  ],
  cpus: [
    ["0.5", 0.5],
    ['"1.25"', 1.25],
    ["2", 2],
  ],
  stop_grace_period: [
    ["1m30s", 90_000],
    ['"0"', 0],
    ["1.5s", 1500],
    ["100us", 0.1],
  ],
  command: [
    ["echo 'a b' c", ["echo", "a b", "c"]],
    ['["echo", "$$HOME"]', ["echo", "$HOME"]],
    ["[]", []],
    ['""', []],
    ["null", undefined],
  ],
  environment: [
    ["{A: 1, B: true, C: 1.50, D: , E: 1e3, F: ''}", { A: "1", B: "true", C: "1.5", D: null, E: "1000", F: "" }],
    ["[A=1, B=, C, D=x=y]", { A: "1", B: "", C: null, D: "x=y" }],
  ],
  labels: [
    ["{a: , b: 010}", { a: "", b: "8" }],
    ["[a, b=1]", { a: "", b: "1" }],
  ],
  extra_hosts: [
    ['["a:1.1.1.1", "b=[::1]", "a=2.2.2.2"]', { a: ["1.1.1.1", "2.2.2.2"], b: ["::1"] }],
    ['{a: [1.1.1.1, 2.2.2.2], b: "::1"}', { a: ["1.1.1.1", "2.2.2.2"], b: ["::1"] }],
    ['["a=1.1.1.1,2.2.2.2"]', { a: ["1.1.1.1", "2.2.2.2"] }],
    ['{a: "1.1.1.1,2.2.2.2"}', { a: ["1.1.1.1,2.2.2.2"] }],
  ],
  ulimits: [["{nofile: 10, core: {soft: 1, hard: -1}}", { nofile: 10, core: { soft: 1, hard: -1 } }]],
  dns: [
    ["1.1.1.1", ["1.1.1.1"]],
    ["[1.1.1.1, 8.8.8.8]", ["1.1.1.1", "8.8.8.8"]],
  ],
  healthcheck: [
    ["{test: curl -f localhost, retries: '3'}", { test: ["CMD-SHELL", "curl -f localhost"], retries: 3 }],
    ["{test: [CMD, a], interval: 1h}", { test: ["CMD", "a"], interval: 3_600_000 }],
    ["{disable: true}", { disable: true }],
  ],
  secrets: [
    [
      "[{source: s, mode: 0440}, {source: t, target: x, mode: '0444'}]",
      [
        { source: "s", target: "/run/secrets/s", mode: 0o440 },
        { source: "t", target: "x", mode: 0o444 },
      ],
    ],
  ],
  gpus: [
    ["all", [{ count: -1 }]],
    ["[{driver: nvidia, count: '2'}]", [{ driver: "nvidia", count: 2 }]],
  ],
  depends_on: [["[db]", { db: { condition: "service_started", required: true } }]],
  networks: [["{front: {aliases: [a], priority: 1}}", { front: { aliases: ["a"], priority: 1 } }]],
  ports: [["['8000:80']", [{ mode: "ingress", target: 80, published: "8000", protocol: "tcp" }]]],
  volumes: [
    ["['data:/d:ro']", [{ type: "volume", source: "data", target: "/d", read_only: true, volume: {} }]],
    [
      "[{type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 0777}}]",
      [{ type: "tmpfs", target: "/t", tmpfs: { size: 1024 ** 2, mode: 0o777 } }],
    ],
    ["[{type: bind, source: /a, target: /b, bind: {}}]", [{ type: "bind", source: "/a", target: "/b", bind: {} }]],
  ],
  deploy: [
    ["{resources: {limits: {cpus: '0.5', memory: 1k}}}", { resources: { limits: { cpus: 0.5, memory: 1024 } } }],
    [
      "{update_config: {delay: 10s, max_failure_ratio: 0.1}}",
      { update_config: { delay: 10_000, max_failure_ratio: 0.1 } },
    ],
  ],
  blkio_config: [
    ["{device_read_bps: [{path: /dev/a, rate: 1k}]}", { device_read_bps: [{ path: "/dev/a", rate: 1024 }] }],
  ],
  init: [
    ["false", false],
    ["'true'", true],
  ],
};

for (const [field, rows] of Object.entries(cases)) {
  test.each(rows)(`${field}: %s`, async (yaml, expected) => {
    const service = await loadService(`${field}: ${yaml}`, { checkConsistency: false });
    expect(plain(service[field as keyof Service])).toEqual(expected);
  });
}

test("extensions are kept, whatever their keys are called", async () => {
  const service = await loadService("x-note: {a: [1, null, 1.5], __proto__: {b: 1}}");
  const note = service.extensions?.get("x-note");
  expect(JSON.stringify(note)).toBe('{"a":[1,null,1.5],"__proto__":{"b":1}}');
  expect(Object.getPrototypeOf(note)).toBe(Object.prototype);
});

describe("what cannot be read is refused with its reason", () => {
  test.each([
    ["mem_limit: 5x", 'size "5x" has an unknown unit "x"'],
    ["stop_grace_period: '10'", 'duration "10" has a number without a unit'],
    ["command: echo 'a", "the command has an opening ' without a closing one"],
    ["environment: ['A =1']", 'variable "A" is followed by a blank'],
    ["extra_hosts: [nowhere]", 'extra host "nowhere" has no address'],
    ["extra_hosts: {'a:b': 1.1.1.1}", '"a:b" is not a host name'],
    ["ulimits: {nofile: unlimited}", '"unlimited" is not a limit'],
    ["gpus: [{count: most}]", '"most" is not a number of devices'],
    [
      "volumes: [{type: tmpfs, target: /t, tmpfs: {mode: '777'}}]",
      'mode must be a whole number, but is the text "777"',
    ],
    ["healthcheck: {retries: -1}", "retries cannot be negative, but is -1"],
    ["deploy: {restart_policy: {max_attempts: '-2'}}", "max_attempts cannot be negative, but is -2"],
    ["blkio_config: {weight: '300'}", 'weight must be a whole number, but is the text "300"'],
    ["configs: [{source: c, mode: '0999'}]\n", '"0999" is not a file mode'],
  ])("%s", async (field, message) => {
    expect(await serviceMistakes(field)).toContain(message);
  });
});

test("every mistake of a service is found in one run", async () => {
  const found = await serviceMistakes("mem_limit: 5x\nshm_size: big\nstop_grace_period: soon\nhostnme: h");
  expect(found).toEqual([
    'size "5x" has an unknown unit "x"',
    '"big" is not a size',
    '"soon" is not a duration',
    'unknown key "hostnme" in services.web',
  ]);
});

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, each]) => [String(key), plain(each)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
