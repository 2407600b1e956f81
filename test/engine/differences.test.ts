// Why a container is replaced, read off the container itself: one that docker compose made tells as much as one of ours.
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";

import type { ActionContext } from "../../src/actions/context.ts";
import { create, type CreateOptions } from "../../src/actions/create.ts";
import { openContext } from "../../src/actions/open.ts";
import type { Json } from "../../src/model/project.ts";
import { removeProject } from "../harness/clean.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { uniqueName } from "../harness/project.ts";

const image = testImages.busybox;
const name = uniqueName();
const options: CreateOptions = {
  services: [],
  build: false,
  noBuild: false,
  quietPull: false,
  forceRecreate: false,
  noRecreate: false,
  removeOrphans: false,
  scale: new Map(),
};

beforeAll(async () => {
  await ensureImage(image);
  return () => removeProject(name);
});

test("each field that changed, with old and new value; of what looks secret only that it did", async () => {
  const before = {
    image,
    command: ["sleep", "1000"],
    init: true,
    environment: { FOO: "1", GONE: "x", DB_PASSWORD: "one" },
    ports: ["127.0.0.1:8099:80"],
    volumes: ["data:/data", "/anonymous", "/tmp:/host:ro"],
    mem_limit: "64m",
    labels: { a: "b" },
    hostname: "here",
    tmpfs: ["/scratch"],
    networks: { default: { aliases: ["old"], mac_address: "02:00:00:00:00:06" } },
    healthcheck: { test: ["CMD", "true"], interval: "10s" },
    logging: { driver: "json-file", options: { "max-size": "1m" } },
  };
  const after = {
    image,
    command: ["sleep", "999"],
    environment: { FOO: "2", NEW: "y", DB_PASSWORD: "two" },
    ports: ["127.0.0.1:8098:80"],
    volumes: ["data:/elsewhere", "/anonymous", "/tmp:/host"],
    labels: { a: "c" },
    user: "1000",
    restart: "on-failure:3",
    container_name: `${name}-renamed`,
    hostname: "there",
    tmpfs: ["/scratch:size=1m", "/more"],
    networks: { default: { aliases: ["new"], mac_address: "02:00:00:00:00:07" }, other: null },
    external_links: [`${name}-web-1:self`],
    healthcheck: { test: ["CMD", "true"], interval: "20s" },
    cap_add: ["net_admin"],
  };
  const rest = { volumes: { data: {} }, networks: { other: {} } };
  await create(context({ services: { web: before }, volumes: { data: {} } }), options);
  expect(
    (await create(context({ services: { web: before }, volumes: { data: {} } }, true), options)).plan.steps,
  ).toEqual([]);
  const { plan } = await create(context({ services: { web: after }, ...rest }, true), options);
  const [creation] = plan.steps.filter(({ kind }) => kind === "container.create");
  expect(creation?.cause).toMatchInlineSnapshot(`"container_name, cap_add and 23 more changed"`);
  const lines = plan.changes
    .get(`container ${name}-renamed`)
    ?.map(({ path, before, after }) => `${path}: ${before} → ${after}`);
  expect(lines?.map((line) => line.replaceAll(name, "p"))).toMatchInlineSnapshot(`
    [
      "container_name: p-web-1 → p-renamed",
      "cap_add: undefined → ["CAP_NET_ADMIN"]",
      "command: ["sleep","1000"] → ["sleep","999"]",
      "environment.DB_PASSWORD: undefined → undefined",
      "environment.FOO: 1 → 2",
      "environment.GONE: x → undefined",
      "environment.NEW: undefined → y",
      "healthcheck.interval: 10000ms → 20000ms",
      "hostname: here → there",
      "init: true → undefined",
      "labels.a: b → c",
      "links: undefined → ["p-web-1:self"]",
      "logging.options: {"max-size":"1m"} → undefined",
      "mem_limit: 67108864 → undefined",
      "networks.p_default.aliases: ["old"] → ["new"]",
      "networks.p_default.mac_address: 02:00:00:00:00:06 → 02:00:00:00:00:07",
      "networks.p_other: undefined → attached",
      "ports.80/tcp: 127.0.0.1:8099 → 127.0.0.1:8098",
      "restart: undefined → on-failure:3",
      "tmpfs./more: undefined → rw",
      "tmpfs./scratch: rw → size=1m",
      "user: undefined → 1000",
      "volumes./data: p_data rw → undefined",
      "volumes./elsewhere: undefined → p_data rw",
      "volumes./host: /tmp ro → /tmp rw",
    ]
  `);
});

describe("what a container does not show", () => {
  const plain: Json = { image, command: ["sleep", "1000"] };
  const develop = { watch: [{ path: "/src", action: "restart" }] };
  test.each<readonly [string, before: Json, after: Json, change: object]>([
    ["cgroup", { cgroup: "host" }, {}, { path: "cgroup", before: "host" }],
    ["ipc", { ipc: "private" }, {}, { path: "ipc", before: "private" }],
    ["logging driver", { logging: { driver: "local" } }, {}, { path: "logging.driver", before: "local" }],
    ["no restart", { restart: "no" }, {}, { path: "restart", before: "no" }],
    ["swap", { mem_limit: "32m", memswap_limit: "64m" }, { mem_limit: "32m" }, { path: "memswap_limit" }],
    ["attach", { attach: true }, { attach: false }, { path: "attach", before: "true", after: "false" }],
    ["develop", {}, { develop }, { path: "develop" }],
    ["hooks", {}, { pre_stop: [{ command: ["true"] }] }, { path: "pre_stop", after: '[{"command":["true"]}]' }],
  ])("%s: is named where just that has changed", async (_, before, after, change) => {
    const services = (more: Json): Json => ({ services: { web: { ...Object(plain), ...Object(more) } } });
    await create(context(services(before)), options);
    const { plan } = await create(context(services(after), true), options);
    const [[, changes = []] = []] = plan.changes;
    expect(changes).toEqual([expect.objectContaining(change)]);
  });
});

function context(document: Json, dryRun = false): ActionContext {
  const source = { cwd: "/", environment: new Map(), projectName: name, document };
  const opened = openContext({ source, dryRun });
  onTestFinished(() => opened.close());
  return opened.context;
}
