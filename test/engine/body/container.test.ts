import { describe, expect, test } from "vitest";

import type { Service, Ulimit } from "../../../src/model/project.ts";
import { added, body, demo, type Json } from "./added.ts";

describe("attributes", () => {
  test.each<[Partial<Service>, object]>([
    [{ command: ["a", "b"] }, { Cmd: ["a", "b"] }],
    [{ entrypoint: [] }, { Entrypoint: [] }],
    [
      {
        environment: new Map([
          ["A", "1"],
          ["B", null],
        ]),
      },
      { Env: ["A=1", "B"] },
    ],
    [
      { stop_grace_period: 1500, stop_signal: "SIGINT" },
      { StopTimeout: 1, StopSignal: "SIGINT" },
    ],
    [
      { healthcheck: { test: ["CMD", "x"], interval: 0.1, retries: 3 } },
      { Healthcheck: { Test: ["CMD", "x"], Interval: 100_000, Retries: 3 } },
    ],
    [{ healthcheck: { disable: true } }, { Healthcheck: { Test: ["NONE"] } }],
    [{ cpus: Math.fround(0.55) }, { HostConfig: { NanoCpus: 550_000_000 } }],
    [
      { cpus: 1, deploy: { resources: { limits: { cpus: 0.5, memory: 1024, pids: 5 } } } },
      { HostConfig: { NanoCpus: 500_000_000, Memory: 1024, PidsLimit: 5 } },
    ],
    [{ cpu_percent: 50 }, { HostConfig: { CpuPercent: 5000 } }],
    [
      {
        ulimits: new Map<string, Ulimit>([
          ["memlock", { soft: -1, hard: -1 }],
          ["nofile", 10],
        ]),
      },
      {
        HostConfig: {
          Ulimits: [
            { Name: "memlock", Soft: -1, Hard: -1 },
            { Name: "nofile", Soft: 10, Hard: 10 },
          ],
        },
      },
    ],
    [{ restart: "on-failure:3" }, { HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } } }],
    [
      { restart: "always", deploy: { restart_policy: { condition: "none" } } },
      { HostConfig: { RestartPolicy: { Name: "no", MaximumRetryCount: 0 } } },
    ],
    [
      {
        ports: [
          { target: 80, protocol: "tcp", published: "8080" },
          { target: 80, protocol: "tcp", host_ip: "127.0.0.1" },
        ],
      },
      {
        ExposedPorts: { "80/tcp": {} },
        HostConfig: {
          PortBindings: {
            "80/tcp": [
              { HostIp: "", HostPort: "8080" },
              { HostIp: "127.0.0.1", HostPort: "" },
            ],
          },
        },
      },
    ],
    [{ tmpfs: ["/run:size=1m", "/tmp"] }, { HostConfig: { Tmpfs: { "/run": "size=1m", "/tmp": "" } } }],
    [{ extra_hosts: new Map([["h", ["::1", "10.0.0.1"]]]) }, { HostConfig: { ExtraHosts: ["h:::1", "h:10.0.0.1"] } }],
    [
      { security_opt: ["no-new-privileges", "label:disable", "systempaths=unconfined"] },
      { HostConfig: { SecurityOpt: ["no-new-privileges", "label:disable"], MaskedPaths: [], ReadonlyPaths: [] } },
    ],
    [
      {
        devices: [
          { source: "vendor.com/gpu=0", target: "vendor.com/gpu=0", permissions: "rwm" },
          { source: "/dev/a", target: "/dev/b", permissions: "r" },
        ],
      },
      {
        HostConfig: {
          DeviceRequests: [{ Driver: "cdi", DeviceIDs: ["vendor.com/gpu=0"] }],
          Devices: [{ PathOnHost: "/dev/a", PathInContainer: "/dev/b", CgroupPermissions: "r" }],
        },
      },
    ],
    [
      { gpus: [{ count: -1, capabilities: ["compute"] }] },
      { HostConfig: { DeviceRequests: [{ Count: -1, Capabilities: [["compute", "gpu"]] }] } },
    ],
    [{ network_mode: "host" }, { HostConfig: { NetworkMode: "host" } }],
  ])("%j", async (service, expected) => expect(await added(service)).toEqual(expected));

  test("a name without a value removes what proxies of the docker config set", async () => {
    const proxies = new Map([["default", new Map([["httpProxy", "http://p"]])]]);
    const environment = new Map([["http_proxy", null]]);
    expect(JSON.stringify((await body({ environment }, { config: { proxies } })) as Json)).toContain(
      '"Env":["HTTP_PROXY=http://p","http_proxy"]',
    );
  });
});

describe("mounts", () => {
  test("strings where they say enough, objects elsewhere", async () => {
    const volumes: Service["volumes"] = [
      { type: "bind", source: "/src", target: "/a", bind: { create_host_path: true, selinux: "z" }, read_only: true },
      { type: "bind", source: "/src", target: "/b", bind: { propagation: "rshared" } },
      { type: "bind", source: "/src", target: "/c", bind: { create_host_path: false } },
      { type: "volume", source: "data", target: "/d" },
      { type: "volume", source: "data", target: "/e", volume: { subpath: "x" } },
      { type: "volume", target: "/f" },
      { type: "image", source: "app", target: "/g" },
      { type: "tmpfs", target: "/h", tmpfs: { size: 1024, mode: 0o1777 } },
    ];
    expect(await added({ volumes })).toMatchInlineSnapshot(`
      {
        "HostConfig": {
          "Binds": [
            "/src:/a:ro,z",
            "demo_data:/d:rw",
          ],
          "Mounts": [
            {
              "BindOptions": {
                "Propagation": "rshared",
              },
              "ReadOnly": false,
              "Source": "/src",
              "Target": "/b",
              "Type": "bind",
            },
            {
              "BindOptions": {},
              "ReadOnly": false,
              "Source": "/src",
              "Target": "/c",
              "Type": "bind",
            },
            {
              "ReadOnly": false,
              "Source": "demo_data",
              "Target": "/e",
              "Type": "volume",
              "VolumeOptions": {
                "Subpath": "x",
              },
            },
            {
              "ImageOptions": {},
              "ReadOnly": false,
              "Source": "app:1",
              "Target": "/g",
              "Type": "image",
            },
            {
              "ReadOnly": false,
              "Target": "/h",
              "TmpfsOptions": {
                "Mode": 1023,
                "SizeBytes": 1024,
              },
              "Type": "tmpfs",
            },
            {
              "ReadOnly": false,
              "Source": "",
              "Target": "/f",
              "Type": "volume",
              "VolumeOptions": {},
            },
          ],
        },
      }
    `);
  });

  test("secret and config files are mounted, a volume on the same target wins, variables are copied in later", async () => {
    const service: Partial<Service> = {
      secrets: [{ source: "file" }, { source: "file", target: "short" }, { source: "variable" }],
      configs: [{ source: "conf", target: "/etc/conf" }, { source: "conf" }],
      volumes: [{ type: "volume", source: "data", target: "/etc/conf" }],
    };
    const { HostConfig } = (await added(service)) as { HostConfig: { Mounts: { Source: string; Target: string }[] } };
    expect(HostConfig.Mounts.map(({ Source, Target }) => `${Source} → ${Target}`)).toEqual([
      "/demo/secret.txt → /run/secrets/file",
      "/demo/secret.txt → /run/secrets/short",
      "/demo/conf → /conf",
    ]);
  });

  test("an anonymous volume of the replaced container is kept", async () => {
    const volumes: Service["volumes"] = [{ type: "volume", target: "/cache" }];
    const inherits = [
      { destination: "/cache", volume: "abc", readOnly: false },
      { destination: "/image", volume: "def", readOnly: true },
    ];
    expect(await added({ volumes }, { request: { inherits } })).toMatchObject({
      HostConfig: {
        Mounts: [
          { Source: "abc", Target: "/cache", ReadOnly: false },
          { Source: "def", Target: "/image", ReadOnly: true },
        ],
      },
    });
  });
});

describe("networks", () => {
  const networks: Service["networks"] = new Map([
    ["back", { priority: 5, aliases: ["api", "web"], ipv4_address: "10.1.0.5", mac_address: "02:00:00:00:00:01" }],
    ["front", { interface_name: "eth9", gw_priority: 1 }],
  ]);

  test("the one with the highest priority is the primary one; aliases, addresses, names", async () => {
    expect(await added({ networks })).toMatchInlineSnapshot(`
      {
        "HostConfig": {
          "NetworkMode": "shared",
        },
        "NetworkingConfig": {
          "EndpointsConfig": {
            "demo_front": {
              "Aliases": [
                "demo-web-1",
                "web",
              ],
              "DriverOpts": {
                "com.docker.network.endpoint.ifname": "eth9",
              },
              "GwPriority": 1,
              "IPAMConfig": {},
            },
            "shared": {
              "Aliases": [
                "demo-web-1",
                "web",
                "api",
                "web",
              ],
              "IPAMConfig": {
                "IPv4Address": "10.1.0.5",
              },
              "IPAddress": "10.1.0.5",
              "MacAddress": "02:00:00:00:00:01",
            },
          },
        },
      }
    `);
  });

  test("an engine before 25 gets one network and one address", async () => {
    const old = (await added({ networks }, { info: { api: [1, 41] } })) as {
      MacAddress: string;
      NetworkingConfig: { EndpointsConfig: object };
    };
    expect(Object.keys(old.NetworkingConfig.EndpointsConfig)).toEqual(["shared"]);
    expect(old.MacAddress).toBe("02:00:00:00:00:01");
    expect(JSON.stringify(old.NetworkingConfig)).not.toContain("MacAddress");
  });

  test("an address on a network that network_mode names", async () => {
    const service = { mac_address: "02:00:00:00:00:02", network_mode: "bridge" };
    expect(await added(service)).toMatchObject({
      NetworkingConfig: { EndpointsConfig: { bridge: { MacAddress: "02:00:00:00:00:02" } } },
    });
    expect(await added({ ...service, network_mode: "host" })).toEqual({ HostConfig: { NetworkMode: "host" } });
    expect(await added(service, { info: { api: [1, 43] } })).toMatchObject({ MacAddress: "02:00:00:00:00:02" });
  });

  test("a network_mode without a text leaves the project's default network", async () => {
    const project = new Map([["default", { key: "default", name: "demo_default" }]]);
    expect(await added({ network_mode: "" }, { request: { project: { ...demo, networks: project } } })).toEqual({
      HostConfig: { NetworkMode: "demo_default" },
      NetworkingConfig: { EndpointsConfig: { demo_default: { Aliases: ["demo-web-1", "web"] } } },
    });
    expect(await added({ network_mode: "" })).toEqual({});
  });

  test("a one-off does not answer to the service's name", async () => {
    const oneOff = { interactive: true, autoRemove: true, useAliases: false };
    const result = (await added({ networks, restart: "always" }, { request: { oneOff } })) as Json;
    expect(JSON.stringify(result["NetworkingConfig"])).not.toContain('"api"');
    expect(result).toMatchObject({ StdinOnce: true, AttachStdin: true, HostConfig: { AutoRemove: true } });
    expect(JSON.stringify(result)).not.toContain("RestartPolicy");
  });
});

test("a credential spec is for Windows", async () => {
  const service: Partial<Service> = { credential_spec: { file: "f.json" } };
  expect(await added(service)).toEqual({});
  expect(await added(service, { info: { os: "windows" } })).toEqual({
    HostConfig: { SecurityOpt: ["credentialspec=file://f.json"] },
  });
});

test("uts goes as it is: no engine shares it between containers", async () => {
  expect(await added({ uts: "service:db" })).toEqual({ HostConfig: { UTSMode: "service:db" } });
});

test("links end in the number of the container that links", async () => {
  const db = [1, 2].map((number) => ({ id: `id${number}`, name: `demo-db-${number}`, number }));
  const references = new Map([["db", db]]);
  const links = async (labels: ReadonlyMap<string, string>): Promise<unknown> =>
    added({ links: ["db"], network_mode: "bridge" }, { request: { references, labels } });
  const third = new Map([["com.docker.compose.container-number", "3"]]);
  expect(await links(third)).toMatchObject({
    HostConfig: {
      Links: [
        "demo-db-1:db",
        "demo-db-1:db-3",
        "demo-db-1:demo-db-3",
        "demo-db-2:db",
        "demo-db-2:db-3",
        "demo-db-2:demo-db-3",
      ],
    },
  });
  expect(JSON.stringify(await links(new Map()))).toContain("demo-db-2:db-2");
});

test("service: references become ids, and volumes_from keeps its mode", async () => {
  const references = new Map([["db", [{ id: "abc", name: "demo-db-1", number: 1 }]]]);
  const service: Partial<Service> = {
    network_mode: "service:db",
    pid: "service:db",
    ipc: "container:x",
    volumes_from: ["db:ro", "container:y:ro"],
    links: ["db:sql"],
  };
  expect(await added(service, { request: { references } })).toMatchObject({
    HostConfig: {
      NetworkMode: "container:abc",
      PidMode: "container:abc",
      IpcMode: "container:x",
      VolumesFrom: ["abc:ro", "y:ro"],
      Links: ["demo-db-1:sql", "demo-db-1:db-1", "demo-db-1:demo-db-1"],
    },
  });
  await expect(added({ pid: "service:gone" })).rejects.toThrow(
    'service "gone", to which demo-web-1 is tied, has no container',
  );
});
