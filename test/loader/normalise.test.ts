import { expect, test } from "vitest";

import type { Adjust } from "./load-text.ts";
import { loadService, loadText } from "./load-text.ts";

const environment = new Map([["SET", "here"]]);

test("a service without networks is in the default one, which is then there", async () => {
  const { project } = await loadText("services: {a: {image: x}, b: {image: x, networks: [n]}}\nnetworks: {n: }");
  expect([...(project.services.get("a")?.networks ?? [])]).toEqual([["default", null]]);
  expect([...project.networks.values()].map(({ key, name }) => [key, name])).toEqual([
    ["n", "demo_n"],
    ["default", "demo_default"],
  ]);
});

test("nobody in the default network, no default network", async () => {
  const { project } = await loadText("services: {a: {image: x, network_mode: host}, b: {provider: {type: t}}}");
  expect(project.networks.size).toBe(0);
  expect(project.services.get("a")?.networks).toBeUndefined();
});

test("resources are named after the project, external ones after themselves", async () => {
  const files = `services: {a: {image: x, volumes: ["v:/v", "e:/e", "n:/n"], configs: [c]}}
volumes: {v: , e: {external: true}, n: {name: own}}
configs: {c: {file: c}}
`;
  const { project } = await loadText(files);
  expect([...project.volumes.values()].map(({ name }) => name)).toEqual(["demo_v", "e", "own"]);
  expect(project.configs.get("c")?.name).toBe("demo_c");
});

test("what a build needs not say", async () => {
  const service = await loadService("build: {args: {SET: , UNSET: , GIVEN: 1}}", { environment });
  expect(service.build).toMatchObject({
    dockerfile: "Dockerfile",
    args: new Map([
      ["SET", "here"],
      ["GIVEN", "1"],
    ]),
  });
  expect(service.build?.context).toMatch(/\/demo$/);
  const inline = await loadService("build: {dockerfile_inline: FROM scratch}");
  expect(inline.build?.dockerfile).toBeUndefined();
});

test("variables that are only named: set ones have their value, others stay without", async () => {
  const expected = new Map([
    ["SET", "here"],
    ["UNSET", null],
  ]);
  expect((await loadService("environment: [SET, UNSET]", { environment })).environment).toEqual(expected);
  expect((await loadService("environment: {SET: , UNSET: }", { environment })).environment).toEqual(expected);
});

test("what is shared is depended on, unless the file says how", async () => {
  const files = `services:
  web:
    image: x
    links: ["a:alias", b]
    volumes_from: [c, "container:other"]
    ipc: service:d
    depends_on: {b: {condition: service_healthy}}
  a: {image: x}
  b: {image: x}
  c: {image: x}
  d: {image: x}
`;
  const { project } = await loadText(files);
  expect(Object.fromEntries(project.services.get("web")?.depends_on ?? [])).toEqual({
    a: { condition: "service_started", restart: true, required: true },
    b: { condition: "service_healthy", required: true },
    c: { condition: "service_started", required: true },
    d: { condition: "service_started", restart: true, required: true },
  });
});

test.each<[string, string, Adjust, unknown]>([
  ["if_not_present is an old word for missing", "pull_policy: if_not_present", {}, { pull_policy: "missing" }],
  [
    "targets are cleaned",
    "volumes: [{type: tmpfs, target: /a/../b/}]",
    {},
    { volumes: [{ type: "tmpfs", target: "/b" }] },
  ],
  ["the scale is also the number of replicas", "scale: 2\ndeploy: {mode: replicated}", {}, { deploy: { replicas: 2 } }],
])("%s", async (_, field, adjust, expected) => {
  expect(await loadService(field, adjust)).toMatchObject(expected as object);
});

test("a mode that is empty is still a mode, so there is no default network", async () => {
  const service = await loadService("network_mode: ''");
  expect(service.networks).toBeUndefined();
});

test("nothing of this without normalisation", async () => {
  const { project } = await loadText("services: {a: {build: ., links: [b]}, b: {image: x}}\nvolumes: {v: }", {
    normalize: false,
    allResources: true,
  });
  expect(project.networks.size).toBe(0);
  expect(project.volumes.get("v")?.name).toBe("");
  expect(project.services.get("a")?.depends_on).toBeUndefined();
  expect(project.services.get("a")?.build?.dockerfile).toBeUndefined();
});

test("a link of three parts is not to the service in its first", async () => {
  const service = await loadService('links: ["db", "db2:alias", "a:b:c"]', { checkConsistency: false });
  expect([...(service.depends_on?.keys() ?? [])]).toEqual(["db", "db2", "a:b:c"]);
});

test.each(['""', '{context: ""}', '{context: "$UNSET"}'])(
  "a build from nowhere is not one from here: %s",
  async (build) => {
    const service = await loadService(`build: ${build}`);
    expect(service.build?.context).toBeUndefined();
    expect(service.build?.dockerfile).toBe("Dockerfile");
  },
);
