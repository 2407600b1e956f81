import { describe, expect, test } from "vitest";

import { child } from "../../src/loader/tree.ts";
import { diagnosticsOf, merged, plain, treeOf, webOf } from "./tree-text.ts";

describe("an override over what was there before", () => {
  test.each<[what: string, base: string, override: string, expected: unknown]>([
    ["a scalar is replaced", "image: a", "image: b", { image: "b" }],
    ["a scalar keeps its value against null", "image: a", "image:", { image: "a" }],
    ["a mapping takes a null as nothing", "deploy: {replicas: 2}", "deploy:", { deploy: { replicas: 2 } }],
    ["a list is appended to", "cap_add: [A]", "cap_add: [B]", { cap_add: ["A", "B"] }],
    ["and keeps one of each", "cap_add: [A, B]", "cap_add: [B, C]", { cap_add: ["A", "B", "C"] }],
    ["command is replaced", "command: [a, b]", "command: [c]", { command: ["c"] }],
    ["command is replaced by null, too", "command: a", "command:", { command: null }],
    ["and by nothing", "entrypoint: [a]", "entrypoint: []", { entrypoint: [] }],
    [
      "a health test is replaced",
      "healthcheck: {test: [CMD, a], retries: 1}",
      "healthcheck: {test: b}",
      { healthcheck: { test: "b", retries: 1 } },
    ],
    [
      "variables, list over mapping",
      "environment: {A: 1, B: x}",
      "environment: [A=2, C]",
      { environment: ["A=2", "B=x", "C"] },
    ],
    [
      "variables, mapping over list",
      "environment: [A=1, B]",
      "environment: {C: , B: 2}",
      { environment: ["A=1", "B=2", "C"] },
    ],
    [
      "numbers become the text that docker compose makes of them",
      "environment: {A: 1.50, B: 1e3, C: 010}",
      "environment: {D: true}",
      { environment: ["A=1.5", "B=1000", "C=8", "D=true"] },
    ],
    ["a null variable takes the value away", "environment: {A: 1}", "environment: {A: }", { environment: ["A"] }],
    [
      "build, short over long",
      "build: {context: x, target: t}",
      "build: y",
      { build: { context: "/demo/y", target: "t" } },
    ],
    [
      "dependencies, list over mapping",
      "depends_on: {a: {condition: service_healthy, restart: true}}",
      "depends_on: [a, b]",
      {
        depends_on: {
          a: { condition: "service_started", restart: true, required: true },
          b: { condition: "service_started", required: true },
        },
      },
    ],
    [
      "dependencies, part of one",
      "depends_on: [a]",
      "depends_on: {a: {condition: service_healthy}}",
      { depends_on: { a: { condition: "service_healthy", required: true } } },
    ],
    [
      "networks",
      "networks: [a]",
      "networks: {a: {aliases: [x]}, b: }",
      { networks: { a: { aliases: ["x"] }, b: null } },
    ],
    [
      "options of the same log driver are merged",
      "logging: {driver: d, options: {a: 1}}",
      "logging: {options: {b: 2}}",
      { logging: { driver: "d", options: { a: 1, b: 2 } } },
    ],
    [
      "those of another driver are not",
      "logging: {driver: d, options: {a: 1}}",
      "logging: {driver: e}",
      { logging: { driver: "e" } },
    ],
    [
      "limits are replaced whole",
      "ulimits: {nofile: {soft: 1, hard: 2}}",
      "ulimits: {nofile: 3}",
      { ulimits: { nofile: 3 } },
    ],
    [
      "extra hosts keep different addresses of one host",
      "extra_hosts: [a=1.1.1.1]",
      "extra_hosts: {a: [1.1.1.1, 2.2.2.2]}",
      { extra_hosts: ["a=1.1.1.1", "a=2.2.2.2"] },
    ],
    ["one text is a list of one", "dns: 1.1.1.1", "dns: [2.2.2.2]", { dns: ["1.1.1.1", "2.2.2.2"] }],
    [
      "env files by their path",
      "env_file: e",
      "env_file: [{path: f, required: false}, e]",
      {
        env_file: [
          { path: "/demo/e", required: true },
          { path: "/demo/f", required: false },
        ],
      },
    ],
    [
      "mounts by their target",
      "volumes: [/data, ./b:/b]",
      "volumes: ['./c:/b:ro']",
      {
        volumes: [
          { type: "volume", target: "/data", volume: {} },
          { type: "bind", source: "/demo/c", target: "/b", read_only: true, bind: { create_host_path: true } },
        ],
      },
    ],
    [
      "ports by all they say",
      "ports: ['80:80', '81:81/udp']",
      "ports: ['80:80', '127.0.0.1:80:80']",
      {
        ports: [
          { mode: "ingress", target: 80, published: "80", protocol: "tcp" },
          { mode: "ingress", target: 81, published: "81", protocol: "udp" },
          { mode: "ingress", host_ip: "127.0.0.1", target: 80, published: "80", protocol: "tcp" },
        ],
      },
    ],
    [
      "a port written long takes the place of one written short",
      "ports: ['80:80']",
      "ports: [{target: 80, published: 80, mode: host}]",
      { ports: [{ target: 80, published: 80, mode: "host", protocol: "tcp" }] },
    ],
    [
      "secrets by their target",
      "secrets: [s]",
      "secrets: [{source: s, uid: '1'}]",
      { secrets: [{ source: "s", uid: "1", target: "/run/secrets/s" }] },
    ],
    ["extensions", "x-a: {b: [1], c: 2}", "x-a: {b: [2], c: 3}", { "x-a": { b: [1, 2], c: 3 } }],
  ])("%s", async (_, base, override, expected) => expect(await merged(base, override)).toEqual(expected));
});

test("pools of addresses are merged by subnet", async () => {
  const network = (config: string): string =>
    `services: {web: {image: b}}\nnetworks: {n: {ipam: {config: ${config}}}}\n`;
  const files = {
    "compose.yaml": network("[{subnet: 10.1.0.0/16, gateway: 10.1.0.1}]"),
    "compose.override.yaml": network("[{subnet: 10.2.0.0/16}, {subnet: 10.1.0.0/16, ip_range: 10.1.2.0/24}]"),
  };
  const { tree } = await treeOf(files);
  expect(plain(child(child(child(tree, "networks"), "n"), "ipam"))).toEqual({
    config: [{ subnet: "10.1.0.0/16", gateway: "10.1.0.1", ip_range: "10.1.2.0/24" }, { subnet: "10.2.0.0/16" }],
  });
});

test("what does not fit together is said with both places", async () => {
  const files = {
    "compose.yaml": "services:\n  web:\n    image: b\n    ports: ['80']\n",
    "compose.override.yaml": "services:\n  web:\n    ports: {a: b}\n",
  };
  expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
    "
    error: cannot override services.web.ports: a mapping cannot be merged into a list
      compose.override.yaml:3:12  services.web.ports
        2 │   web:
        3 │     ports: {a: b}
          │            ^^^^^^
      note: the list is here
      compose.yaml:4:12
        4 │     ports: ['80']
          │            ^^^^^^
      hint: write both in the same form, or replace the earlier value with !override
    "
  `);
});

describe("tags", () => {
  test.each<[what: string, base: string, override: string, expected: unknown]>([
    ["!reset takes away", "image: a\nports: ['80']", "ports: !reset []", { image: "a" }],
    ["!reset of one key", "environment: {A: 1, B: 2}", "environment: {A: !reset null}", { environment: ["B=2"] }],
    [
      "!override takes the place",
      "ports: ['80']",
      "ports: !override ['81']",
      { ports: [{ mode: "ingress", target: 81, protocol: "tcp" }] },
    ],
    ["!override of a scalar keeps its type", "scale: 1", "scale: !override 2", { scale: 2 }],
    ["an item of a list cannot be meant", "cap_add: [A]", "cap_add: [!reset A, B]", { cap_add: ["A", "B"] }],
    ["through an anchor", "ports: ['80']\nexpose: ['1']", "ports: &none !reset []\nexpose: *none", {}],
    ["through a merge key", "ports: ['80']\nimage: a", "<<: {ports: !reset []}", { image: "a" }],
  ])("%s", async (_, base, override, expected) => expect(await merged(base, override)).toEqual(expected));

  test("in a later document of the same file", async () => {
    const text = "services: {web: {image: a, ports: ['80']}}\n---\nservices: {web: {ports: !reset []}}\n";
    expect(await webOf(text)).toEqual({ image: "a" });
  });
});

test("what !reset cannot take out is said to stay", async () => {
  const files = {
    "compose.yaml": "services:\n  web: {image: x, environment: [A=1, B=2]}\n",
    "compose.override.yaml": "services:\n  web:\n    environment: {A: !reset null, B: !override 3, C: !reset null}\n",
  };
  expect(await webOf(files)).toEqual({ image: "x", environment: ["A=1", "B=3"] });
  expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
    "
    warning: "A" stays: services.web.environment is a list by then, and no key of a list can be taken out
      compose.override.yaml:3:5  services.web.environment.A
        2 │   web:
        3 │     environment: {A: !reset null, B: !override 3, C: !reset null}
          │     ^^^^^^^^^^^
      hint: write all of it that is to be left, with "!override" before it
    "
  `);
});
