import { expect, test } from "vitest";

import type { Service } from "../../../src/model/project.ts";
import { added } from "./added.ts";

/** What an attribute adds to the create body; a text says why it adds nothing. */
type Case<T> = string | { readonly of: T; readonly adds: object; readonly with?: Partial<Service> };

const hostConfig = (fields: object): object => ({ HostConfig: fields });

/** One entry for every attribute there is: an attribute without one does not compile. */
const attributes: { readonly [K in keyof Required<Service>]: Case<NonNullable<Service[K]>> } = {
  name: "it is in labels, aliases and the container's name",
  profiles: "they select services",
  annotations: { of: new Map([["a", "b"]]), adds: hostConfig({ Annotations: { a: "b" } }) },
  attach: "it is about the logs of an attached up",
  build: "it makes the image",
  develop: "it is what watch does",
  blkio_config: {
    of: {
      weight: 300,
      weight_device: [{ path: "/dev/a", weight: 400 }],
      device_read_bps: [{ path: "/dev/a", rate: 1 }],
      device_read_iops: [{ path: "/dev/a", rate: 2 }],
      device_write_bps: [{ path: "/dev/a", rate: 3 }],
      device_write_iops: [{ path: "/dev/a", rate: 4 }],
    },
    adds: hostConfig({
      BlkioWeight: 300,
      BlkioWeightDevice: [{ Path: "/dev/a", Weight: 400 }],
      BlkioDeviceReadBps: [{ Path: "/dev/a", Rate: 1 }],
      BlkioDeviceReadIOps: [{ Path: "/dev/a", Rate: 2 }],
      BlkioDeviceWriteBps: [{ Path: "/dev/a", Rate: 3 }],
      BlkioDeviceWriteIOps: [{ Path: "/dev/a", Rate: 4 }],
    }),
  },
  cap_add: { of: ["CAP_NET_ADMIN"], adds: hostConfig({ CapAdd: ["CAP_NET_ADMIN"] }) },
  cap_drop: { of: ["ALL"], adds: hostConfig({ CapDrop: ["ALL"] }) },
  cgroup_parent: { of: "/p", adds: hostConfig({ CgroupParent: "/p" }) },
  cgroup: { of: "private", adds: hostConfig({ CgroupnsMode: "private" }) },
  cpu_count: { of: 2, adds: hostConfig({ CpuCount: 2 }) },
  cpu_percent: { of: 12.5, adds: hostConfig({ CpuPercent: 1250 }) },
  cpu_period: { of: 100_000, adds: hostConfig({ CpuPeriod: 100_000 }) },
  cpu_quota: { of: 50_000, adds: hostConfig({ CpuQuota: 50_000 }) },
  cpu_rt_period: { of: 1000, adds: hostConfig({ CpuRealtimePeriod: 1000 }) },
  cpu_rt_runtime: { of: 500, adds: hostConfig({ CpuRealtimeRuntime: 500 }) },
  cpus: { of: Math.fround(1.2), adds: hostConfig({ NanoCpus: 1_200_000_000 }) },
  cpuset: { of: "0,2", adds: hostConfig({ CpusetCpus: "0,2" }) },
  cpu_shares: { of: 10, adds: hostConfig({ CpuShares: 10 }) },
  command: { of: ["a", "b"], adds: { Cmd: ["a", "b"] } },
  configs: {
    of: [{ source: "conf" }],
    adds: hostConfig({
      Mounts: [{ Type: "bind", Source: "/demo/conf", Target: "/conf", ReadOnly: true, BindOptions: {} }],
    }),
  },
  container_name: "it is the container's name, which goes beside the body",
  credential_spec: "see the test of Windows",
  depends_on: "it orders, and is in a label",
  deploy: {
    of: {
      resources: {
        limits: { cpus: 2, memory: 64, pids: 7 },
        reservations: {
          memory: 32,
          devices: [
            { driver: "d", count: -1, device_ids: ["0"], capabilities: ["gpu", "x"], options: new Map([["o", "p"]]) },
          ],
        },
      },
      restart_policy: { condition: "any", max_attempts: 3 },
    },
    adds: hostConfig({
      NanoCpus: 2_000_000_000,
      Memory: 64,
      PidsLimit: 7,
      MemoryReservation: 32,
      DeviceRequests: [{ Driver: "d", Count: -1, DeviceIDs: ["0"], Capabilities: [["gpu", "x"]], Options: { o: "p" } }],
      RestartPolicy: { Name: "always", MaximumRetryCount: 3 },
    }),
  },
  device_cgroup_rules: { of: ["c 1:3 mr"], adds: hostConfig({ DeviceCgroupRules: ["c 1:3 mr"] }) },
  devices: {
    of: [{ source: "/dev/a", target: "/dev/b", permissions: "rwm" }],
    adds: hostConfig({ Devices: [{ PathOnHost: "/dev/a", PathInContainer: "/dev/b", CgroupPermissions: "rwm" }] }),
  },
  dns: { of: ["1.1.1.1"], adds: hostConfig({ Dns: ["1.1.1.1"] }) },
  dns_opt: { of: ["use-vc"], adds: hostConfig({ DnsOptions: ["use-vc"] }) },
  dns_search: { of: ["example.org"], adds: hostConfig({ DnsSearch: ["example.org"] }) },
  domainname: { of: "example.org", adds: { Domainname: "example.org" } },
  entrypoint: { of: ["/run"], adds: { Entrypoint: ["/run"] } },
  provider: "it has no container",
  environment: {
    of: new Map([
      ["A", "1"],
      ["B", null],
    ]),
    adds: { Env: ["A=1", "B"] },
  },
  env_file: "it is part of environment by now",
  expose: { of: ["3000", "53/udp"], adds: { ExposedPorts: { "3000": {}, "53/udp": {} } } },
  extends: "it is merged by now",
  external_links: { of: ["other:alias", "plain"], adds: hostConfig({ Links: ["other:alias", "plain:plain"] }) },
  extra_hosts: {
    of: new Map([["h", ["::1", "10.0.0.1"]]]),
    adds: hostConfig({ ExtraHosts: ["h:::1", "h:10.0.0.1"] }),
  },
  group_add: { of: ["audio"], adds: hostConfig({ GroupAdd: ["audio"] }) },
  gpus: {
    of: [{ count: 1, capabilities: ["compute"] }],
    adds: hostConfig({ DeviceRequests: [{ Count: 1, Capabilities: [["compute", "gpu"]] }] }),
  },
  hostname: { of: "h", adds: { Hostname: "h" } },
  healthcheck: {
    of: { test: ["CMD", "x"], interval: 1, timeout: 2, start_period: 3, start_interval: 4, retries: 5 },
    adds: {
      Healthcheck: {
        Test: ["CMD", "x"],
        Interval: 1_000_000,
        Timeout: 2_000_000,
        StartPeriod: 3_000_000,
        StartInterval: 4_000_000,
        Retries: 5,
      },
    },
  },
  image: "the planner names the image, which may be a built one",
  init: { of: false, adds: hostConfig({ Init: false }) },
  ipc: { of: "shareable", adds: hostConfig({ IpcMode: "shareable" }) },
  isolation: { of: "hyperv", adds: hostConfig({ Isolation: "hyperv" }) },
  labels: "the executor writes all labels",
  label_file: "they are part of labels by now",
  links: "see the test of references",
  logging: {
    of: { driver: "json-file", options: new Map([["max-size", "1m"]]) },
    adds: hostConfig({ LogConfig: { Type: "json-file", Config: { "max-size": "1m" } } }),
  },
  mem_limit: { of: 1024, adds: hostConfig({ Memory: 1024 }) },
  mem_reservation: { of: 512, adds: hostConfig({ MemoryReservation: 512 }) },
  memswap_limit: { of: -1, adds: hostConfig({ MemorySwap: -1 }) },
  mem_swappiness: { of: 60, adds: hostConfig({ MemorySwappiness: 60 }) },
  mac_address: {
    of: "02:00:00:00:00:03",
    with: { networks: new Map([["front", null]]) },
    adds: { NetworkingConfig: { EndpointsConfig: { demo_front: { MacAddress: "02:00:00:00:00:03" } } } },
  },
  models: "they are variables by now",
  network_mode: { of: "host", adds: hostConfig({ NetworkMode: "host" }) },
  networks: {
    of: new Map([["front", { aliases: ["a"], driver_opts: new Map([["k", "v"]]), link_local_ips: ["169.254.1.1"] }]]),
    adds: {
      HostConfig: { NetworkMode: "demo_front" },
      NetworkingConfig: {
        EndpointsConfig: {
          demo_front: {
            Aliases: ["demo-web-1", "web", "a"],
            IPAMConfig: { LinkLocalIPs: ["169.254.1.1"] },
            DriverOpts: { k: "v" },
          },
        },
      },
    },
  },
  oom_kill_disable: { of: true, adds: hostConfig({ OomKillDisable: true }) },
  oom_score_adj: { of: -5, adds: hostConfig({ OomScoreAdj: -5 }) },
  pid: { of: "host", adds: hostConfig({ PidMode: "host" }) },
  pids_limit: { of: -1, adds: hostConfig({ PidsLimit: -1 }) },
  platform: "it goes beside the body",
  ports: {
    of: [{ target: 80, protocol: "tcp", published: "8000-8010", host_ip: "127.0.0.1" }],
    adds: {
      ExposedPorts: { "80/tcp": {} },
      HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8000-8010" }] } },
    },
  },
  privileged: { of: true, adds: hostConfig({ Privileged: true }) },
  pull_policy: "it decides whether to pull",
  read_only: { of: true, adds: hostConfig({ ReadonlyRootfs: true }) },
  restart: { of: "on-failure:3", adds: hostConfig({ RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } }) },
  runtime: { of: "runc", adds: hostConfig({ Runtime: "runc" }) },
  scale: "it is the number of containers",
  secrets: {
    of: [{ source: "file", target: "t" }],
    adds: hostConfig({
      Mounts: [{ Type: "bind", Source: "/demo/secret.txt", Target: "/run/secrets/t", ReadOnly: true, BindOptions: {} }],
    }),
  },
  security_opt: { of: ["no-new-privileges"], adds: hostConfig({ SecurityOpt: ["no-new-privileges"] }) },
  shm_size: { of: 1024, adds: hostConfig({ ShmSize: 1024 }) },
  stdin_open: { of: true, adds: { OpenStdin: true } },
  stop_grace_period: { of: 1500, adds: { StopTimeout: 1 } },
  stop_signal: { of: "SIGUSR1", adds: { StopSignal: "SIGUSR1" } },
  storage_opt: { of: new Map([["size", "1G"]]), adds: hostConfig({ StorageOpt: { size: "1G" } }) },
  sysctls: {
    of: new Map([["net.core.somaxconn", "1024"]]),
    adds: hostConfig({ Sysctls: { "net.core.somaxconn": "1024" } }),
  },
  tmpfs: { of: ["/run:size=1m", "/tmp"], adds: hostConfig({ Tmpfs: { "/run": "size=1m", "/tmp": "" } }) },
  tty: { of: true, adds: { Tty: true } },
  ulimits: {
    of: new Map([["nofile", { soft: 1, hard: 2 }]]),
    adds: hostConfig({ Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }] }),
  },
  use_api_socket: {
    of: true,
    adds: {
      Env: ["DOCKER_CONFIG=/run/secrets/docker"],
      HostConfig: { Binds: ["/var/run/docker.sock:/var/run/docker.sock:rw"] },
    },
  },
  user: { of: "1000:1000", adds: { User: "1000:1000" } },
  userns_mode: { of: "host", adds: hostConfig({ UsernsMode: "host" }) },
  uts: { of: "host", adds: hostConfig({ UTSMode: "host" }) },
  volumes: { of: [{ type: "volume", source: "data", target: "/d" }], adds: hostConfig({ Binds: ["demo_data:/d:rw"] }) },
  volumes_from: { of: ["container:other:ro"], adds: hostConfig({ VolumesFrom: ["other:ro"] }) },
  working_dir: { of: "/w", adds: { WorkingDir: "/w" } },
  pre_start: "a container of its own runs it",
  post_start: "it is run in the container",
  pre_stop: "it is run in the container",
  extensions: "they are nobody's",
};

const cases = Object.entries(attributes).flatMap(([name, each]) =>
  typeof each === "string" ? [] : [{ name, ...each }],
);

test.each(cases)("$name", async ({ name, of, adds, with: rest = {} }) => {
  expect(await added({ ...rest, [name]: of }, { base: rest })).toEqual(adds);
});
