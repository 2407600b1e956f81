import { expect, test } from "vitest";

import type { Project, Service } from "../../src/model/project.ts";
import { unsupported } from "../../src/planner/unsupported.ts";

const web: Service = {
  name: "web",
  annotations: new Map([["a", "b"]]),
  healthcheck: { start_interval: 50 },
  networks: new Map([["default", { interface_name: "eth9" }]]),
  volumes: [{ type: "image", source: "app", target: "/app" }],
  secrets: [{ source: "token", mode: 0o400 }],
  deploy: { placement: { constraints: ["node.role==manager"] } },
};
const project: Project = {
  name: "demo",
  workingDir: "/demo",
  files: [],
  envFiles: [],
  environment: new Map(),
  profiles: [],
  services: new Map([
    ["web", web],
    ["db", { name: "db", healthcheck: { start_interval: 1 } }],
  ]),
  disabledServices: new Map(),
  networks: new Map(),
  volumes: new Map(),
  secrets: new Map([["token", { key: "token", name: "demo_token", file: "/demo/token" }]]),
  configs: new Map(),
  models: new Map(),
  extensions: new Map(),
  separator: "-",
  origins: new Map(),
};

test("an old engine: what stops the project, and what is left out", () => {
  expect(unsupported(project, { version: "20.10.24", api: [1, 41], os: "linux" })).toMatchInlineSnapshot(`
    {
      "errors": [
        "healthcheck.start_interval of services "web", "db" needs engine 25.0 (this one is 20.10.24)",
        "volumes[].type: image of service "web" needs engine 28.0 (this one is 20.10.24)",
        "networks.*.interface_name of service "web" needs engine 28.1 (this one is 20.10.24)",
      ],
      "warnings": [
        "annotations of service "web" has no effect before engine 24.0 (this one is 20.10.24)",
        "deploy.placement has no effect on a single engine (service "web")",
        "uid, gid and mode of a secret or config that is a file has no effect on a single engine (service "web")",
      ],
    }
  `);
});

test("a modern engine: only what no single engine does", () => {
  const { errors, warnings } = unsupported(project, { version: "28.5.2", api: [1, 51], os: "linux" });
  expect(errors).toEqual([]);
  expect(warnings).toHaveLength(2);
});

test("what only Windows has", () => {
  const services = new Map([["web", { name: "web", credential_spec: { file: "web.json" } }]]);
  const on = (os: string): readonly string[] =>
    unsupported({ ...project, services }, { version: "28.5.2", api: [1, 51], os }).warnings;
  expect(on("linux")).toEqual(['credential_spec has no effect on an engine for linux (service "web")']);
  expect(on("windows")).toEqual([]);
});
