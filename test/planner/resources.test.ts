import { describe, expect, test } from "vitest";

import type { ObservedNetwork } from "../../src/model/observed.ts";
import type { Healthcheck, Project, Service } from "../../src/model/project.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { adjusted, broughtUp, hex, nothing, observedNetwork, project, up } from "./world.ts";

const network = (name: string, given: Partial<ObservedNetwork> = {}): ObservedNetwork => ({
  id: hex(name),
  name,
  driver: "bridge",
  labels: new Map(),
  ...given,
});

describe("networks", () => {
  const sketch = { web: { networks: ["back"], depends_on: { db: {} } }, db: { networks: ["back"] } };
  const shop = project({ services: sketch, networks: { back: {} } });
  const changed = project({ services: sketch, networks: { back: { internal: true } } });

  test("another configuration: containers are taken off, the network is made anew, containers come back", () => {
    expect(formatPlan(up(changed, broughtUp(shop)))).toMatchInlineSnapshot(`
      "#1 container.stop container p-db-1 (network p_back is replaced)
      #2 network.disconnect container p-db-1 network p_back after #1 (network p_back is replaced)
      #3 container.stop container p-web-1 (network p_back is replaced)
      #4 network.disconnect container p-web-1 network p_back after #3 (network p_back is replaced)
      #5 network.remove network p_back after #2 #4 (configuration changed)
      #6 network.create network p_back after #5 (configuration changed)
      #7 network.connect container p-db-1 network back after #6 (network p_back was replaced)
      #8 network.connect container p-web-1 network back after #6 (network p_back was replaced)
      #9 container.start container p-db-1 after #7 (network p_back was replaced)
      #10 container.start container p-web-1 after #8 #9 (network p_back was replaced)"
    `);
  });

  test("a stopped container, one that never ran, an orphan and a container that changes, too", () => {
    const both = project({
      services: { ...sketch, web: { ...sketch.web, user: "1" } },
      networks: { back: { internal: true } },
    });
    const one = broughtUp(project({ services: { ...sketch, gone: { networks: ["back"] } }, networks: { back: {} } }));
    const before = adjusted(adjusted(one, "p-db-1", { state: "exited", exitCode: 0 }), "p-gone-1", {
      state: "created",
      networks: new Map([["p_back", { networkId: "" }]]),
    });
    expect(formatPlan(up(both, before))).toMatchInlineSnapshot(`
      "#1 network.disconnect container p-db-1 network p_back (network p_back is replaced)
      #2 container.stop container p-web-1 (network p_back is replaced)
      #3 network.disconnect container p-web-1 network p_back after #2 (network p_back is replaced)
      #4 network.remove network p_back after #1 #3 (configuration changed)
      #5 network.create network p_back after #4 (configuration changed)
      #6 network.connect container p-db-1 network back after #5 (network p_back was replaced)
      #7 container.create container p-web-1 after #5 (configuration changed)
      #8 container.start container p-db-1 after #6 (exited with code 0)
      #9 container.remove container p-web-1 after #7 #8 (replaced)
      #10 container.rename container p-web-1 after #9 (takes the place of the old one)
      #11 container.start container p-web-1 after #10 (created)"
    `);
  });

  test("two of one name: the one that is used stays", () => {
    const back = project({ services: sketch, networks: { back: {} } }).networks.get("back");
    if (back === undefined) throw new Error("no network");
    const spare = { ...observedNetwork(shop, back), id: hex("spare") };
    const before = broughtUp(shop);
    expect(formatPlan(up(shop, { ...before, networks: [spare, ...before.networks] }))).toMatchInlineSnapshot(
      `"#1 network.remove network p_back (another network has this name)"`,
    );
  });

  test("of somebody else: used as it is, with a warning", () => {
    const plan = up(shop, { ...nothing, networks: [network("p_back")] });
    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "network "p_back" exists and was not made for project "p"; it is used as it is (declare it as external to say so)",
      ]
    `);
    expect(plan.steps.some(({ kind }) => kind === "network.create")).toBe(false);
  });

  test("external: has to be there, by name or id", () => {
    const external = project({ services: sketch, networks: { back: { name: "shared", external: true } } });
    expect(up(external).problems.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "network "shared" is declared as external, but it does not exist",
      ]
    `);
    expect(up(external, { ...nothing, networks: [network("shared")] }).problems).toEqual([]);
    expect(up(external, { ...nothing, networks: [network("other", { id: "shared" })] }).problems).toEqual([]);
    expect(up(external, { ...nothing, engine: { ...nothing.engine, swarm: true } }).problems).toEqual([]);
  });
});

describe("volumes", () => {
  const services = { web: { volumes: [{ type: "volume" as const, source: "data", target: "/data" }] }, other: {} };
  const shop = project({ services, volumes: { data: {} } });
  const changed = project({ services, volumes: { data: { driver_opts: new Map([["size", "1"]]) } } });

  test("another configuration: kept, with a question", () => {
    const plan = up(changed, broughtUp(shop));
    expect(formatPlan(plan)).toBe("");
    expect(plan.confirmations).toMatchInlineSnapshot(`
      [
        {
          "blocking": false,
          "key": "volume.recreate data",
          "kind": "volume.recreate",
          "question": "Volume "p_data" exists, but is not as the file describes it. Make it anew? Its data will be lost.",
        },
      ]
    `);
    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "volume "p_data" is not as the file describes it; it is kept, because its data would be lost",
      ]
    `);
    expect(plan.losses).toEqual([]);
  });

  test("answered with yes: made anew, with every container that has it", () => {
    const plan = up(changed, broughtUp(shop), { confirmed: new Set(["volume.recreate data"]) });
    expect(formatPlan(plan)).toMatchInlineSnapshot(`
      "#1 container.stop container p-web-1 (volume p_data is replaced)
      #2 container.remove container p-web-1 after #1 (volume p_data is replaced)
      #3 volume.remove volume p_data after #2 (configuration changed)
      #4 volume.create volume p_data after #3 (configuration changed)
      #5 container.create container p-web-1 after #4 (volume p_data is replaced)
      #6 container.start container p-web-1 after #5 (created)"
    `);
    expect(plan.losses).toEqual(["p_data"]);
    expect(plan.confirmations).toEqual([]);
  });

  test("external: has to be there", () => {
    const external = project({ services, volumes: { data: { name: "shared", external: true } } });
    expect(up(external).problems.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "volume "shared" is declared as external, but it does not exist",
      ]
    `);
  });

  test("of somebody else: used as it is, with a warning", () => {
    const before = broughtUp(shop);
    const plan = up(changed, { ...before, volumes: before.volumes.map((each) => ({ ...each, labels: new Map() })) });
    expect(formatPlan(plan)).toBe("");
    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "volume "p_data" exists and was not made for project "p"; it is used as it is (declare it as external to say so)",
      ]
    `);
  });
});

test("a fixed address that changes hands is given up before it is taken", () => {
  const having = (addresses: Readonly<Record<string, string>>): Project => {
    const plain = project({ services: Object.fromEntries(Object.keys(addresses).map((name) => [name, {}])) });
    const services = [...plain.services].map(([name, each]): [string, Service] => [
      name,
      { ...each, networks: new Map([["default", { ipv4_address: addresses[name] ?? "" }]]) },
    ]);
    return { ...plain, services: new Map(services) };
  };
  const before = having({ a: "10.0.0.2" });
  const networks = new Map([["p_default", { networkId: hex("p_default"), address: "10.0.0.2" }]]);
  const plan = up(having({ a: "10.0.0.3", b: "10.0.0.2" }), adjusted(broughtUp(before), "p-a-1", { networks }));
  expect(formatPlan(plan)).toMatchInlineSnapshot(`
    "#1 container.create container p-a-1 (configuration changed)
    #2 container.create container p-b-1 (missing)
    #3 container.stop container p-a-1 after #1 (another container gets its address)
    #4 container.remove container p-a-1 after #3 (replaced)
    #5 container.rename container p-a-1 after #4 (takes the place of the old one)
    #6 container.start container p-a-1 after #5 (created)
    #7 container.start container p-b-1 after #2 #3 (created)"
  `);
});

test("so with a fixed IPv6 address, however it is written", () => {
  const taking = new Map([["default", { ipv6_address: "FD00:0:0::0002" }]]);
  const plain = project({ services: { a: { user: "1" }, b: {} } });
  const services = [...plain.services].map(([name, each]): [string, Service] => [
    name,
    name === "b" ? { ...each, networks: taking } : each,
  ]);
  const networks = new Map([["p_default", { networkId: hex("p_default"), ipv6Address: "fd00::2" }]]);
  const world = adjusted(broughtUp(project({ services: { a: {} } })), "p-a-1", { networks });
  expect(formatPlan(up({ ...plain, services: new Map(services) }, world))).toContain(
    "container.stop container p-a-1 after #1 (another container gets its address)",
  );
});

describe("ports", () => {
  const port = (published: string): { target: number; published: string; protocol: string } => ({
    target: 80,
    published,
    protocol: "tcp",
  });

  test("that change hands are given up before they are taken", () => {
    const before = broughtUp(project({ services: { a: { ports: [port("1")] }, b: { ports: [port("2")] } } }));
    const after = project({
      services: { a: { ports: [port("2")] }, b: { ports: [port("1")], depends_on: { a: {} } } },
    });
    expect(formatPlan(up(after, before))).toMatchInlineSnapshot(`
      "#1 container.create container p-a-1 (configuration changed)
      #2 container.create container p-b-1 (configuration changed)
      #3 container.stop container p-b-1 after #2 (another container gets its port)
      #4 container.stop container p-a-1 after #1 (another container gets its port)
      #5 container.remove container p-a-1 after #4 (replaced)
      #6 container.rename container p-a-1 after #5 (takes the place of the old one)
      #7 container.start container p-a-1 after #3 #6 (created)
      #8 container.remove container p-b-1 after #7 (replaced)
      #9 container.rename container p-b-1 after #8 (takes the place of the old one)
      #10 container.start container p-b-1 after #9 (created)"
    `);
  });

  test("of a container that goes are free after it", () => {
    const before = broughtUp(project({ services: { old: { ports: [port("1")] } } }));
    const after = project({ services: { fresh: { ports: [port("1")] } } });
    expect(formatPlan(up(after, before, { removeOrphans: true }))).toMatchInlineSnapshot(`
      "#1 container.stop container p-old-1 (no service "old" in the file)
      #2 container.remove container p-old-1 after #1 (no service "old" in the file)
      #3 container.create container p-fresh-1 (missing)
      #4 container.start container p-fresh-1 after #2 #3 (created)"
    `);
    expect(up(after, before).problems.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "port 1, which service "fresh" publishes, is taken by container "p-old-1"",
      ]
    `);
  });

  test("that two services publish, or two containers of one", () => {
    const twice = project({
      services: { a: { ports: [port("1")] }, b: { ports: [port("1")] }, c: { ports: [port("2")], scale: 2 } },
    });
    expect(up(twice).problems.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "services "a" and "b" both publish port 1",
        "service "c" cannot have more than one container, because it publishes port 2",
      ]
    `);
    expect(up(twice, nothing, { start: false }).problems).toEqual([]);
  });

  test("at addresses that have nothing to do with each other are no clash", () => {
    const apart = project({
      services: {
        a: { ports: [{ ...port("1"), host_ip: "127.0.0.1" }] },
        b: { ports: [{ ...port("1"), host_ip: "127.0.0.2" }] },
        c: { ports: [{ ...port("1"), protocol: "udp" }] },
        d: { ports: [{ ...port("1"), host_ip: "::1" }] },
      },
    });
    expect(up(apart).problems).toEqual([]);
  });

  test("of a stranger: told with its name before anything is touched", () => {
    const [holder] = broughtUp(project({ services: { x: { ports: [port("1")] } } })).containers;
    if (holder === undefined) throw new Error("no holder");
    const strangers = [{ ...holder, name: "other-x-1", project: "other" }];
    const shop = project({ services: { web: { ports: [port("1")] } } });
    expect(up(shop, { ...nothing, strangers }).problems).toMatchInlineSnapshot(`
      [
        {
          "code": "port-taken",
          "hint": "stop that container, publish another port, or let --auto-ports find one",
          "message": "port 1, which service "web" publishes, is taken by container "other-x-1" of project "other"",
          "path": "services.web.ports",
          "severity": "error",
        },
      ]
    `);
    expect(up(shop, { ...broughtUp(shop), strangers }).problems).toEqual([]);
  });
});

describe("names", () => {
  const shop = project({ services: { web: { container_name: "boss" } } });

  test("that a stranger has", () => {
    const [holder] = broughtUp(shop).containers;
    if (holder === undefined) throw new Error("no holder");
    const strangers = [{ ...holder, id: hex("other"), project: "" }];
    expect(up(shop, { ...nothing, strangers }).problems).toMatchInlineSnapshot(`
      [
        {
          "code": "name-taken",
          "hint": "remove or rename container 6f7468657200",
          "message": "the name "boss", which service "web" wants, is taken by a container of no project",
          "path": "services.web.container_name",
          "severity": "error",
        },
      ]
    `);
  });

  test("of a container that goes are free after it", () => {
    const before = broughtUp(project({ services: { old: { container_name: "boss" } } }));
    expect(formatPlan(up(shop, before, { removeOrphans: true }))).toMatchInlineSnapshot(`
      "#1 container.stop container boss (no service "old" in the file)
      #2 container.remove container boss after #1 (no service "old" in the file)
      #3 container.create container boss after #2 (missing)
      #4 container.start container boss after #3 (created)"
    `);
  });

  test("that several containers would have", () => {
    const twice = project({
      services: { a: { container_name: "boss" }, b: { container_name: "boss" }, c: { container_name: "c", scale: 2 } },
    });
    expect(up(twice).problems.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "services "a" and "b" have the same container_name "boss"",
        "service "c" cannot have 2 containers, because all of them would be called "c"",
      ]
    `);
  });
});

test("secrets and configs that cannot be had", () => {
  const shop = project({
    services: {
      web: {
        read_only: true,
        secrets: [{ source: "outside" }, { source: "unset" }, { source: "set", uid: "root" }],
        configs: [{ source: "templated" }],
      },
    },
    secrets: {
      outside: { external: true, name: "outside" },
      unset: { environment: "NOT_SET" },
      set: { environment: "SET", value: "x" },
    },
    configs: { templated: { file: "/p/t", template_driver: "golang" } },
  });
  expect(up(shop).problems.map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "secret "outside" of service "web" is external: an engine without a swarm has no secrets of its own",
      "config "p_templated" of service "web" has a driver: an engine without a swarm has no configs of its own",
      "environment variable "NOT_SET", which secret "unset" is to hold, is not set",
      "secret "set" cannot be put into service "web", because that is read_only",
      ""root" as owner of secret "set" is not a number",
    ]
  `);
  // What is copied into a container when it starts is no reason not to create it.
  const created = up(shop, undefined, { start: false });
  expect(created.problems.map(({ code }) => code)).toEqual(["secret-not-available", "config-not-available"]);
  expect(created.warnings).toMatchInlineSnapshot(`
    [
      "environment variable "NOT_SET", which secret "unset" is to hold, is not set: it has to be when service "web" is started",
      "secret "set" cannot be put into service "web", because that is read_only: it will not start; take the secret from a file, which is mounted",
      ""root" as owner of secret "set" is not a number: service "web" will not start",
    ]
  `);
});

test("an interval of the start needs a start", () => {
  const said = (healthcheck: Healthcheck): readonly string[] =>
    up(project({ services: { web: { healthcheck } } })).problems.map(({ message }) => message);
  expect(said({ start_interval: 1000 })).toEqual([
    'healthcheck.start_interval of service "web" needs healthcheck.start_period',
  ]);
  expect(said({ start_interval: 1000, start_period: 0 })).toEqual([]);
});
