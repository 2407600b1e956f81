import { describe, expect, test } from "vitest";

import { messagesOf, mistakesIn, serviceMistakes } from "../load-text.ts";

describe("what a service needs is declared", () => {
  test.each([
    ["networks: [back]", 'service "web" uses network "back", which is not declared'],
    ["volumes: ['data:/d']", 'service "web" uses volume "data", which is not declared'],
    [
      "volumes: [{type: volume, source: ./data, target: /d}]",
      'service "web" mounts "./data" as a volume, but it is the path of a folder',
    ],
    ["secrets: [key]", 'service "web" uses secret "key", which is not declared'],
    ["configs: [conf]", 'service "web" uses config "conf", which is not declared'],
    ["models: [llm]", 'service "web" uses model "llm", which is not declared'],
    ["build: {context: ., secrets: [key]}", 'service "web" uses secret "key", which is not declared'],
    ["depends_on: [db]", 'service "web" depends on "db", which is not a service of this project'],
    ["links: ['db:database']", 'service "web" is linked to "db", which is not a service of this project'],
    ["volumes_from: ['db:ro']", 'service "web" takes the volumes of "db", which is not a service of this project'],
    ["network_mode: service:db", 'service "web" shares the network of "db", which is not a service of this project'],
    ["ipc: service:db", 'service "web" shares the memory of "db", which is not a service of this project'],
    ["pid: service:db", 'service "web" shares the processes of "db", which is not a service of this project'],
    [
      "build: {context: ., additional_contexts: {x: 'service:db'}}",
      'service "web" builds with the image of "db", which is not a service',
    ],
  ])("%s", async (field, message) => {
    expect(await serviceMistakes(field)).toEqual([message]);
  });

  test.each([
    ["volumes: [/anonymous, './folder:/f', {type: tmpfs, target: /t}]"],
    ["network_mode: container:other"],
    ["volumes_from: ['container:other:ro']"],
    ["network_mode: host"],
  ])("but not for %s", async (field) => {
    expect(await serviceMistakes(field)).toEqual([]);
  });
});

describe("what contradicts itself", () => {
  test.each([
    ["network_mode: host\nnetworks: [default]", 'service "web" has both "network_mode" and "networks"'],
    ["healthcheck: {test: [curl, x]}", 'the health check of service "web" starts with "curl"'],
    ["scale: 2\ndeploy: {replicas: 3}", 'service "web" has "scale" 2, but "deploy.replicas" is 3'],
    ["scale: -1", 'service "web" wants -1 containers'],
    [
      "cpus: 1\ndeploy: {resources: {limits: {cpus: '2'}}}",
      'service "web" has "cpus" 1, but "deploy.resources.limits.cpus" is 2',
    ],
    [
      "cpus: 1\ndeploy: {resources: {limits: {memory: 1g}}}",
      'service "web" has "cpus" 1, but "deploy.resources.limits.cpus" leaves it open',
    ],
    [
      "mem_limit: 1k\ndeploy: {resources: {limits: {memory: 2k}}}",
      'service "web" has "mem_limit" 1k, but "deploy.resources.limits.memory" is 2k',
    ],
    ["container_name: one\nscale: 2", 'service "web" wants 2 containers, but has a name for one only'],
    ["container_name: one\ndeploy: {replicas: 2}", 'service "web" wants 2 containers, but has a name for one only'],
    ["tmpfs: ['/x:size=1m']\nvolumes: [/x]", 'service "web" mounts two things at "/x"'],
    [
      "platform: linux/amd64\nbuild: {context: ., platforms: [linux/arm64]}",
      'service "web" runs on "linux/amd64", for which it is not built',
    ],
    [
      "build: {context: ., dockerfile: D, dockerfile_inline: FROM x}",
      'service "web" has both "dockerfile" and "dockerfile_inline"',
    ],
    ["develop: {watch: [{path: ., action: sync}]}", "but says not where to"],
    ["gpus: [{count: 1, device_ids: ['0']}]", 'service "web" asks for devices both by "count" and by "device_ids"'],
    [
      "ports: [{target: 80, host_ip: localhost}]",
      'service "web" publishes a port on "localhost", which is not an IP address',
    ],
    ["ports: [{target: 80, host_ip: '$UNSET'}]", 'service "web" publishes a port on "", which is not an IP address'],
  ])("%s", async (field, message) => {
    const found = await serviceMistakes(field);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  test.each([
    ["cpus: 1\ndeploy: {resources: {limits: {cpus: '1.0'}}}"],
    ["cpus: 1\ndeploy: {replicas: 2}"],
    ["scale: 2\ndeploy: {mode: replicated}"],
    ["container_name: one\nscale: 1"],
    ["healthcheck: {test: []}"],
    ["healthcheck: {test: [NONE]}"],
    ["network_mode: ''\nnetworks: [default]"],
  ])("but not %s", async (field) => {
    expect(await serviceMistakes(field)).toEqual([]);
  });
});

describe("resources", () => {
  test.each([
    ["volumes: {v: {external: true, driver: local}}", 'volume "v" is external, so "driver" cannot be set for it'],
    ["configs: {c: {file: a, content: b}}", 'config "c" has both "file" and "content"'],
    ["configs: {c: {labels: {a: b}}}", 'config "c" says nowhere where its content comes from'],
    ["secrets: {s: {driver: own}}", 'secret "s" says nowhere where its content comes from'],
    ["secrets: {s: {file: a, environment: B}}", 'secret "s" has both "file" and "environment"'],
  ])("%s", async (section, message) => {
    expect(await messagesOf(`services: {web: {image: x}}\n${section}`)).toEqual([message]);
  });

  test("an external network may say more than its name", async () => {
    expect(await messagesOf("services: {web: {image: x}}\nnetworks: {n: {external: true, driver: bridge}}")).toEqual(
      [],
    );
  });

  test("one container name is for one service", async () => {
    const two = "services:\n  a: {image: x, container_name: same}\n  b: {image: x, container_name: same}\n";
    expect(await messagesOf(two)).toEqual(['services "a" and "b" both want the container name "same"']);
  });
});

describe("services that are switched off", () => {
  const files = `services:
  web: {image: x, depends_on: {db: {condition: service_started, required: REQUIRED}}}
  db: {image: x, profiles: [debug]}
`;

  test("cannot be required", async () => {
    expect(await messagesOf(files.replace("REQUIRED", "true"))).toEqual([
      'service "web" depends on "db", which only profile "debug" enables',
    ]);
  });

  test("may be wanted", async () => {
    expect(await messagesOf(files.replace("REQUIRED", "false"))).toEqual([]);
  });

  test("are on when their profile is", async () => {
    expect(await messagesOf(files.replace("REQUIRED", "true"), { profiles: ["debug"] })).toEqual([]);
  });

  test("are not checked themselves", async () => {
    expect(await messagesOf("services: {web: {image: x}, off: {image: x, networks: [no], profiles: [p]}}")).toEqual([]);
  });

  test("must exist even where they are only wanted", async () => {
    expect(await messagesOf(files.replace("  db: {", "  other: {").replace("REQUIRED", "false"))).toEqual([
      'service "web" depends on "db", which is not a service of this project',
    ]);
  });
});

describe("circles", () => {
  test("are shown with every edge", async () => {
    const files = `services:
  a: {image: x, depends_on: [b]}
  b: {image: x, links: [c]}
  c: {image: x, network_mode: "service:a"}
`;
    expect(await mistakesIn(files)).toMatchInlineSnapshot(`
      "
      error: services depend on each other in a circle: a → b → c → a
        compose.yaml:2:30  services.a.depends_on.b
          1 │ services:
          2 │   a: {image: x, depends_on: [b]}
            │                              ^
        note: "b" is linked to "c" here
        compose.yaml:3:25
          3 │   b: {image: x, links: [c]}
            │                         ^
        note: "c" shares the network of "a" here
        compose.yaml:4:31
          4 │   c: {image: x, network_mode: "service:a"}
            │                               ^^^^^^^^^^^
        hint: none of them could start first: remove one of the dependencies
      "
    `);
  });

  test("of one", async () => {
    expect(await serviceMistakes("depends_on: [web]")).toEqual(['service "web" depends on itself']);
  });

  test("are told once each, a chain is none", async () => {
    const files = `services:
  a: {image: x, depends_on: [b, c]}
  b: {image: x, depends_on: [c]}
  c: {image: x, depends_on: [d]}
  d: {image: x, depends_on: [c]}
  e: {image: x, depends_on: [a]}
`;
    expect(await messagesOf(files)).toEqual(["services depend on each other in a circle: c → d → c"]);
  });

  test("in a project where everything depends on everything end in bounded time", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const services = names.map(
      (name) => `  ${name}: {image: x, depends_on: [${names.filter((each) => each !== name).join(", ")}]}\n`,
    );
    const found = await messagesOf(`services:\n${services.join("")}`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(30);
  });
});

test("what may only be misspelt is not said to be missing", async () => {
  expect(await messagesOf("services: {web: {imge: x}}")).toEqual(['unknown key "imge" in services.web']);
  expect(await messagesOf("services: {web: {hostname: x}}")).toEqual([
    'service "web" has neither an image nor a build section',
  ]);
});

test("a service without an image may be another one, misspelt", async () => {
  expect(await mistakesIn("services: {web: {image: x}, wbe: {hostname: y}}")).toContain('; or did you mean "web"?');
});

test("an item that cannot be read does not move the blame for others", async () => {
  const found = await mistakesIn("services: {web: {image: x, volumes: [{target: /a}, 'data:/d']}}");
  expect(found).toMatchInlineSnapshot(`
    "
    error: services.web.volumes[0] has no "type"
      compose.yaml:1:38  services.web.volumes[0]
        1 │ services: {web: {image: x, volumes: [{target: /a}, 'data:/d']}}
          │                                      ^^^^^^^^^^^^
      hint: add "type:" with bind, volume, tmpfs, npipe, cluster or image

    error: service "web" uses volume "data", which is not declared
      compose.yaml:1:53  services.web.volumes[1].source
        1 │ services: {web: {image: x, volumes: [{target: /a}, 'data:/d']}}
          │                                                     ^^^^
      hint: add "data" under the top-level "volumes"

    2 errors
    "
  `);
});

test("nothing is checked with --no-consistency, but for what makes no sense at all", async () => {
  const files = "services: {web: {networks: [no], depends_on: [gone]}}\nconfigs: {c: {file: a, content: b}}";
  expect(await messagesOf(files, { checkConsistency: false })).toEqual(['config "c" has both "file" and "content"']);
});
