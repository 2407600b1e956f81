import { readFileSync } from "node:fs";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { originOf } from "../../src/loader/place.ts";
import { checkSchema } from "../../src/loader/schema.ts";
import { readYaml } from "../../src/loader/yaml/read.ts";
import type { ComposeDocument } from "../../src/model/compose-document.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import { cpuTime } from "../harness/cpu-time.ts";

async function check(text: string): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  const report = (each: Diagnostic): unknown => found.push(each);
  const [document] = (await readYaml({ path: "compose.yaml", text }, report)) ?? [];
  if (document?.root !== undefined) checkSchema(document.root, report);
  return found;
}

/** What a person reads, with the text that is underlined. */
async function mistakes(text: string): Promise<string> {
  return (await check(text)).map(show).join("\n");
}

function show({ severity, message, hint, at, notes = [] }: Diagnostic): string {
  expect(severity).toBe("error");
  if (at === undefined) return message;
  const { line, column } = originOf(at);
  const underlined = JSON.stringify(at.source.text.slice(at.start, at.end)).slice(0, 40);
  const related = notes.map((note) => `\n  ${note.at === undefined ? "" : originOf(note.at).line}: ${note.message}`);
  return `${line}:${column} ${underlined}: ${message}${hint === undefined ? "" : `\n  hint: ${hint}`}${related.join("")}`;
}

const service = (body: string): string => `services:\n  web:\n    image: x\n${body.replaceAll(/^/gm, "    ")}\n`;

describe("unknown keys", () => {
  test("that are nearly known ones", async () => {
    const text = `servces: {}\nservices:\n  web:\n    imagee: x\n    healthcheck: {intervall: 1s}\n    ports: [{target: 1, publishd: 2}]\nvolumes: {v: {drivr: local}}\n`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "1:1 "servces": unknown key "servces" at the top level
        hint: did you mean "services"?
      4:5 "imagee": unknown key "imagee" in services.web
        hint: did you mean "image"?
      5:19 "intervall": unknown key "intervall" in services.web.healthcheck
        hint: did you mean "interval"?
      6:25 "publishd": unknown key "publishd" in services.web.ports[0]
        hint: did you mean "published"?
      7:15 "drivr": unknown key "drivr" in volumes.v
        hint: did you mean "driver"?"
    `);
  });

  test("that belong elsewhere", async () => {
    const text = `ports: ["80"]\n${service("build: {image: x, environment: {}}\nargs: {}\nmemory: 1g\nrestart_policy: {}\nservices: {}\ndriver: x")}`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "1:1 "ports": unknown key "ports" at the top level
        hint: "ports" belongs under services.NAME
      5:13 "image": unknown key "image" in services.web.build
        hint: "image" belongs under services.web
      5:23 "environment": unknown key "environment" in services.web.build
        hint: "environment" belongs under services.web
      6:5 "args": unknown key "args" in services.web
        hint: "args" belongs under services.web.build
      7:5 "memory": unknown key "memory" in services.web
        hint: "memory" belongs under services.web.deploy.resources.limits
      8:5 "restart_policy": unknown key "restart_policy" in services.web
        hint: "restart_policy" belongs under services.web.deploy
      9:5 "services": unknown key "services" in services.web
        hint: "services" belongs at the top level
      10:5 "driver": unknown key "driver" in services.web
        hint: "driver" belongs under services.web.logging"
    `);
  });

  test("that are services in the wrong place", async () => {
    const text = `web: {image: x}\n${service("db:\n  build: .")}`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "1:1 "web": unknown key "web" at the top level
        hint: if "web" is a service, it belongs under "services"
      5:5 "db": unknown key "db" in services.web
        hint: if "db" is a service, it is indented too far"
    `);
  });

  test("of which nothing is known", async () => {
    expect(await mistakes(service("qqqqqq: 1"))).toMatchInlineSnapshot(
      `"4:5 "qqqqqq": unknown key "qqqqqq" in services.web"`,
    );
  });

  test("that are no names", async () => {
    const text = `services:\n  bad name: {image: x}\n  web: {image: x, depends_on: {a/b: {condition: service_started}}, labels: {"": x}}\nvolumes: {"ä": }\n`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "2:3 "bad name": "bad name" is not a valid name in services
        hint: a name has letters, digits, "_", "." and "-", and no blanks
      3:32 "a/b": "a/b" is not a valid name in services.web.depends_on
        hint: a name has letters, digits, "_", "." and "-", and no blanks
      3:77 "\\"\\"": services.web.labels has an entry without a name
      4:11 "\\"ä\\"": "ä" is not a valid name in volumes
        hint: a name has letters, digits, "_", "." and "-", and no blanks"
    `);
  });

  test("of an object's prototype", async () => {
    const text = `services:\n  constructor: {image: x}\n  __proto__: {image: x, constructor: 1, __proto__: {image: y}}\n  web: {image: x, environment: {__proto__: y, toString: z}}\n`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "3:25 "constructor": unknown key "constructor" in services.__proto__
      3:41 "__proto__": unknown key "__proto__" in services.__proto__
        hint: if "__proto__" is a service, it is indented too far"
    `);
  });
});

describe("values of the wrong type", () => {
  test("where one is wanted", async () => {
    const text = service(
      "image: 8\nuser: 1000\nhostname: true\nports: 80\nprivileged: 1\nscale: 1.5\nhealthcheck: curl\ndeploy: []\nstop_grace_period: 10\nmem_limit: true\npid: 1",
    ).replace("    image: x\n", "");
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "3:12 "8": services.web.image must be a string, not the number 8
        hint: put it in quotes: "8"
      4:11 "1000": services.web.user must be a string, not the number 1000
        hint: put it in quotes: "1000"
      5:15 "true": services.web.hostname must be a string, not true
        hint: put it in quotes: "true"
      6:12 "80": services.web.ports must be a list, not the number 80
        hint: write it as an item of a list: "- 80"
      7:17 "1": services.web.privileged must be true or false, not the number 1
      8:12 "1.5": services.web.scale must be a whole number, not the number 1.5
      9:18 "curl": services.web.healthcheck must be a mapping, not the string "curl"
      10:5 "deploy": services.web.deploy must be a mapping, not a list
      11:24 "10": services.web.stop_grace_period must be a string, not the number 10
        hint: write it with a unit: "10s"
      12:16 "true": services.web.mem_limit must be a number or a string, not true
      13:10 "1": services.web.pid must be a string, not the number 1
        hint: put it in quotes: "1""
    `);
  });

  test("where several are allowed: said once", async () => {
    const text = service(
      "build: []\ncommand: {a: b}\nenvironment: A=b\ndepends_on: db\nenv_file: {path: a}\nextends: []\ngpus: {}\nnetworks: default\nulimits: {nofile: [1]}",
    );
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "4:5 "build": services.web.build must be a string or a mapping, not a list
      5:5 "command": services.web.command must be a string or a list, not a mapping
      6:18 "A=b": services.web.environment must be a mapping or a list, not the string "A=b"
        hint: write it as an item of a list: "- A=b"
      7:17 "db": services.web.depends_on must be a mapping or a list, not the string "db"
        hint: write it as an item of a list: "- db"
      8:5 "env_file": services.web.env_file must be a string or a list, not a mapping
        hint: if it is one item of the list, write "-" before it
      9:5 "extends": services.web.extends must be a string or a mapping, not a list
      10:5 "gpus": services.web.gpus must be a string or a list, not a mapping
        hint: if it is one item of the list, write "-" before it
      11:15 "default": services.web.networks must be a mapping or a list, not the string "default"
        hint: write it as an item of a list: "- default"
      12:15 "nofile": services.web.ulimits.nofile must be a whole number, a string or a mapping, not a list"
    `);
  });

  test("inside of lists and mappings", async () => {
    const text = service(
      "command: [a, 1, true]\nenvironment: {A: {b: c}}\nlabels: [{a: b}, {c: [d]}]\nvolumes: [{source: a, target: b}, 5]\nulimits: {nofile: {soft: 1}}",
    );
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "4:18 "1": services.web.command[1] must be a string, not the number 1
        hint: put it in quotes: "1"
      4:21 "true": services.web.command[2] must be a string, not true
        hint: put it in quotes: "true"
      5:19 "A": services.web.environment.A must be a single value, not a mapping
      6:14 "{a: b}": services.web.labels[0] must be a string, not a mapping
        hint: write it as "- a=b", or make the list a mapping by removing the "-"
      6:22 "{c: [d]}": services.web.labels[1] must be a string, not a mapping
      7:15 "{source: a, target: b}": services.web.volumes[0] has no "type"
        hint: add "type:" with bind, volume, tmpfs, npipe, cluster or image
      7:39 "5": services.web.volumes[1] must be a string or a mapping, not the number 5
        hint: put it in quotes: "5"
      8:15 "nofile": services.web.ulimits.nofile has no "hard"
        hint: add "hard:""
    `);
  });

  test("that are empty", async () => {
    const text = `services:\n  web:\n  db:\n    image:\n    ports:\n    command:\n    deploy:\n    volumes: [~]\nnetworks:\nvolumes: {v: }\nsecrets: {s: }\n`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "2:3 "web": services.web is empty, but must be a mapping
        hint: give it a value, or remove the key
      4:5 "image": services.db.image is empty, but must be a string
        hint: give it a value, or remove the key
      5:5 "ports": services.db.ports is empty, but must be a list
        hint: give it a value, or remove the key
      8:15 "~": services.db.volumes[0] is empty, but must be a string or a mapping
        hint: give it a value, or remove the item
      9:1 "networks": networks is empty, but must be a mapping
        hint: give it a value, or remove the key
      11:11 "s": secrets.s is empty, but must be a mapping
        hint: give it a value, or remove the key"
    `);
  });

  test("at the top", async () => {
    expect(await mistakes("- a\n")).toMatchInlineSnapshot(`"1:1 "- a": a Compose file must be a mapping, not a list"`);
    expect(await mistakes("services: [a]\n")).toMatchInlineSnapshot(
      `
      "1:1 "services": services must be a mapping, not a list
        hint: make it a mapping: "a:" instead of "- a""
    `,
    );
  });
});

test("missing keys", async () => {
  const text = service(
    "depends_on: {db: {}}\nprovider: {}\npost_start: [{user: x}]\ndevelop: {watch: [{path: .}]}\nvolumes: [{target: /x}]\nextends: {file: a}",
  );
  expect(await mistakes(text)).toMatchInlineSnapshot(`
    "4:18 "db": services.web.depends_on.db has no "condition"
      hint: add "condition:" with service_started, service_healthy or service_completed_successfully
    5:5 "provider": services.web.provider has no "type"
      hint: add "type:"
    6:18 "{user: x}": services.web.post_start[0] has no "command"
      hint: add "command:"
    7:23 "{path: .}": services.web.develop.watch[0] has no "action"
      hint: add "action:" with rebuild, sync, restart, sync+restart or sync+exec
    8:15 "{target: /x}": services.web.volumes[0] has no "type"
      hint: add "type:" with bind, volume, tmpfs, npipe, cluster or image
    9:5 "extends": services.web.extends has no "service"
      hint: add "service:""
  `);
});

test("texts and numbers that are not allowed", async () => {
  const text = service(
    "cgroup: hots\ndepends_on: {db: {condition: service_helthy}}\npull_policy: sometimes\ncontainer_name: x\ngpus: some\noom_score_adj: 2000\ncpu_percent: 101\ncpu_count: -1",
  );
  expect(await mistakes(text)).toMatchInlineSnapshot(`
    "4:13 "hots": services.web.cgroup must be "host" or "private", not "hots"
      hint: did you mean "host"?
    5:34 "service_helthy": services.web.depends_on.db.condition must be "service_started", "service_healthy" or "service_completed_successfully", not "service_helthy"
      hint: did you mean "service_healthy"?
    6:18 "sometimes": services.web.pull_policy must be "always", "never", "missing", "build", "daily", "weekly" or "every_" and a duration, as "every_12h", not "sometimes"
    7:21 "x": services.web.container_name must have at least two letters, digits, "_", "." or "-" in a row, not "x"
    8:11 "some": services.web.gpus must be "all" or a list, not "some"
    9:20 "2000": services.web.oom_score_adj must be from -1000 to 1000, not 2000
    10:18 "101": services.web.cpu_percent must be from 0 to 100, not 101
    11:16 "-1": services.web.cpu_count must be at least 0, not -1"
  `);
});

test("items that are there twice", async () => {
  const text = service(
    'security_opt: [a, b, a, a]\nports: [{target: 1, published: "2"}, "80", {published: "2", target: 1}, 80]\nexpose: [80, "80"]',
  );
  expect(await mistakes(text)).toMatchInlineSnapshot(`
    "4:26 "a": services.web.security_opt has "a" twice
      hint: remove one of them
      4: first here
    4:29 "a": services.web.security_opt has "a" twice
      hint: remove one of them
      4: first here
    5:48 "{published: \\"2\\", target: 1}": services.web.ports has the same item twice
      hint: remove one of them
      5: first here"
  `);
});

test("every diagnostic has a code and a path", async () => {
  const found = await check(service("imagee: y\nports: 80\ncgroup: x\nprovider: {}\ndns: [a, a]"));
  expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "unknown-key services.web",
    "wrong-type services.web.ports",
    "bad-value services.web.cgroup",
    "missing-key services.web.provider",
    "duplicate-item services.web.dns",
  ]);
});

test("what is allowed", async () => {
  const text = `
version: "3.8"
x-anything: [{a: {b: ~}}]
services:
  web:
    image: x
    x-more: 1
    command:
    ports: [80, "81:81", {target: "82", x-note: y}]
    environment: {A: 1, B: 1.5, C: true, D: , E: .inf, F: 18446744073709551615}
    networks: {default: , other: {aliases: [a]}}
    depends_on: {x-db: {condition: service_started}}
    blkio_config: {x-why: not}
    storage_opt: {size: [any, thing]}
    gpus: [{driver: x, other: y}]
    ulimits: {nofile: {soft: 1, hard: "2"}, nproc: 5}
    extra_hosts: {a: [b, c]}
    pull_policy: every_1d
volumes: {data: , other: {driver_opts: {a: 1}}}
networks: {"odd name": }
`;
  expect(await mistakes(text)).toBe("");
});

test("a hundred thousand mistakes and items take no time", async () => {
  const items = Array.from({ length: 100_000 }, (_, index) => `      - ${index}:80\n`).join("");
  const started = cpuTime();
  expect(await check(`services:\n  web:\n    image: x\n    ports:\n${items}`)).toEqual([]);
  expect(cpuTime() - started).toBeLessThan(5000);
});

test("the type of a document takes what is allowed, and no more", async () => {
  const document: ComposeDocument = {
    name: "demo",
    services: {
      web: {
        build: { context: ".", "x-note": 1 },
        ports: [80, "81:81", { target: 82 }],
        environment: { A: null, B: 1 },
        depends_on: { db: { condition: "service_healthy" } },
        deploy: null,
      },
      db: { image: "x", command: ["a"], networks: ["default"] },
    },
    volumes: { data: null },
  };
  expect(await mistakes(JSON.stringify(document))).toBe("");
  // @ts-expect-error -- "imagee" is no key of a service
  const wrong: ComposeDocument = { services: { web: { imagee: "x" } } };
  expect(await check(JSON.stringify(wrong))).toHaveLength(1);
});

describe("ajv, the judge", async () => {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const schema: object = JSON.parse(readFileSync("schemas/compose.schema.json", "utf8"));
  const valid = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  const names = [...new Set([...JSON.stringify(schema).matchAll(/"([a-z_]+)":\{/g)].map(([, name = ""]) => name))];

  const scalar = fc.oneof(
    fc.constantFrom(null, true, 0, 1, -5, 1.5, 5000, "", "all", "host", "80:80", "always", "service_started", "bind"),
    fc.string({ maxLength: 3 }),
  );
  const key = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, fc.constantFrom("x-a", "a b", "", "web"));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  }));
  const serviceKey = fc.constantFrom(...names);
  const section = fc.constantFrom("services", "networks", "volumes", "secrets", "configs", "models");
  const document = fc.oneof(
    fc.dictionary(fc.oneof(section, key), value, { maxKeys: 3 }),
    fc.dictionary(section, fc.dictionary(fc.constantFrom("a", "b", "x-c", ""), value), { maxKeys: 3 }),
    fc.record({ services: fc.record({ web: fc.dictionary(serviceKey, value, { maxKeys: 3 }) }) }),
  );

  test("agrees with us on any document", async () => {
    await fc.assert(
      fc.asyncProperty(document, async (each) => {
        expect((await check(JSON.stringify(each))).length === 0).toBe(valid(each));
      }),
      { numRuns: 3000 },
    );
  });
});

describe("structure", () => {
  test("a dash or a few blanks too many or too few", async () => {
    const text = `services:\n  web:\n  image: x\n  volumes: {data: }\nnetworks: [front]\nconfigs: [{c: }]\n`;
    expect(await mistakes(text)).toMatchInlineSnapshot(`
      "2:3 "web": services.web is empty, but must be a mapping
        hint: indent what belongs to "web", such as "image", further than it
      3:10 "x": services.image must be a mapping, not the string "x"
        hint: if "image" belongs to a service, indent it further than the service's name
      4:13 "data": unknown key "data" in services.volumes
        hint: "volumes" is indented too far if it is not a service but the section of that name
      5:1 "networks": networks must be a mapping, not a list
        hint: make it a mapping: "front:" instead of "- front"
      6:1 "configs": configs must be a mapping, not a list
        hint: make it a mapping by removing each "-""
    `);
    expect(await mistakes(service("environment:\n  A=1\n  B=2"))).toMatchInlineSnapshot(`
      "5:7 "A=1\\n      B=2": services.web.environment must be a mapping or a list, not the string "A=1 B=2"
        hint: write each line as an item of a list: "- A=1""
    `);
  });
});
