import { containerBody } from "../../../src/engine/body/container.ts";
import type { DockerConfig } from "../../../src/engine/docker-config.ts";
import type { CreateContainer, EngineInfo } from "../../../src/engine/engine.ts";
import type { Project, Service } from "../../../src/model/project.ts";

export const demo: Project = {
  name: "demo",
  workingDir: "/demo",
  files: ["/demo/compose.yaml"],
  envFiles: [],
  environment: new Map(),
  profiles: [],
  services: new Map([["app", { name: "app", image: "app:1" }]]),
  disabledServices: new Map(),
  networks: new Map([
    ["front", { key: "front", name: "demo_front" }],
    ["back", { key: "back", name: "shared" }],
  ]),
  volumes: new Map([["data", { key: "data", name: "demo_data" }]]),
  secrets: new Map([
    ["file", { key: "file", name: "demo_file", file: "/demo/secret.txt" }],
    ["variable", { key: "variable", name: "demo_variable", environment: "V", value: "x" }],
  ]),
  configs: new Map([["conf", { key: "conf", name: "demo_conf", file: "/demo/conf" }]]),
  models: new Map(),
  extensions: new Map(),
  separator: "-",
  origins: new Map(),
};
const config: DockerConfig = {
  folder: "",
  auths: new Map(),
  environmentAuths: new Map(),
  credHelpers: new Map(),
  proxies: new Map(),
  headers: new Map(),
};
const modern: EngineInfo = {
  version: "28.5",
  api: [1, 51],
  os: "linux",
  buildkit: true,
  swarm: false,
  endpoint: "",
};

export interface Variation {
  readonly info?: Partial<EngineInfo>;
  readonly request?: Partial<CreateContainer>;
  readonly config?: Partial<DockerConfig>;
  /** What it is compared with; nothing but an image unless given. */
  readonly base?: Partial<Service>;
}

/** What one attribute adds to the body of a service that has nothing but an image. */
export async function added(service: Partial<Service>, variation: Variation = {}): Promise<unknown> {
  const one = JSON.parse(JSON.stringify(await body(service, variation)));
  const none = JSON.parse(JSON.stringify(await body(variation.base ?? {}, { ...variation, request: {} })));
  return difference(one, none);
}

export async function body(service: Partial<Service>, variation: Variation): Promise<object> {
  const request: CreateContainer = {
    project: demo,
    service: { name: "web", ...service },
    image: "img",
    name: "tmp",
    finalName: "demo-web-1",
    labels: new Map(),
    references: new Map(),
    inherits: [],
    ...variation.request,
  };
  return containerBody(request, {
    info: { ...modern, ...variation.info },
    config: { ...config, ...variation.config },
    profiles: new Map(),
  });
}

export type Json = { readonly [key: string]: unknown };
function difference(one: Json, other: Json): Json {
  const changed = Object.entries(one).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(other[key]));
  return Object.fromEntries(
    changed.map(([key, value]) => [
      key,
      isObject(value) && isObject(other[key]) ? difference(value, other[key]) : value,
    ]),
  );
}
function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
