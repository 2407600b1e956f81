// One project, two tools: who comes second finds everything up to date, and either can take down what the other made.
import { beforeAll, describe, expect, test } from "vitest";

import { containersOf, networksOf, volumesOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const image = testImages.busybox;

/** Of everything that is part of a hash, a bit. */
const files: Readonly<Record<string, string>> = {
  "compose.yaml": `
x-sleeper: &sleeper
  image: ${image}
  command: [sleep, "1000"]
  init: true
  stop_grace_period: 1s
services:
  plain:
    <<: *sleeper
    volumes: [ "/shared" ]
  db:
    <<: *sleeper
    environment: { EMPTY: "", QUOTES: "<a&b>", NUMBER: 5, BARE: }
    env_file: [values.env]
    labels: { com.example.one: "1" }
    volumes: [ "data:/data", "./conf:/conf:ro", "/anonymous", { type: tmpfs, target: /tmp2, tmpfs: { size: 10m } } ]
    healthcheck: { test: "true", interval: 1m30s, start_period: 10s, start_interval: 50ms }
    networks: { back: { aliases: [database] } }
    ulimits: { nofile: { soft: 1000, hard: 2000 } }
    mem_limit: 64m
    cpus: 0.55
    shm_size: 8m
    logging: { driver: json-file, options: { max-size: 1m } }
    extra_hosts: [ "one=1.2.3.4", "two=::1" ]
    secrets: [ file_secret, { source: env_secret, target: /run/other, mode: 0400 } ]
    configs: [ { source: inline, target: /etc/inline } ]
  web:
    <<: *sleeper
    deploy: { replicas: 2, resources: { limits: { cpus: "0.5", memory: 32M } } }
    ports: [ "127.0.0.1::80", "8000" ]
    expose: [ "9000" ]
    depends_on: { db: { condition: service_healthy, restart: true } }
    networks: [ back, front ]
    cap_add: [ NET_ADMIN ]
    dns: [ 1.1.1.1 ]
    restart: on-failure:3
    tmpfs: /run
    sysctls: { net.core.somaxconn: 1024 }
  side:
    <<: *sleeper
    network_mode: service:db
    volumes_from: [ plain ]
  linked:
    <<: *sleeper
    links: [ "plain:friend" ]
    user: "1000:1000"
    working_dir: /tmp
    hostname: linked
    entrypoint: [ "/bin/busybox" ]
    read_only: true
    tty: true
    stdin_open: true
  socket:
    <<: *sleeper
    use_api_socket: true
  built:
    build: { context: ., dockerfile_inline: "FROM ${image}" }
    command: [sleep, "1000"]
    init: true
networks:
  back: { driver_opts: { com.docker.network.bridge.name: "" }, internal: true }
  front:
    ipam: { config: [ { subnet: 10.213.${process.pid % 256}.0/24 } ] }
volumes:
  data: { labels: { com.example.volume: "1" } }
secrets:
  file_secret: { file: ./secret.txt }
  env_secret: { environment: SECRET }
configs:
  inline: { content: "some text" }
`,
  "values.env": "FROM_FILE=from file\nNUMBER=7\n",
  "secret.txt": "s3cret",
  "conf/x": "x",
  ".env": "SECRET=from-env\n",
};

describe.skipIf(!hasPeer)("interop", () => {
  beforeAll(() => ensureImage(image));

  test(
    "what docker compose brought up is up to date for us, and we can take it down",
    { timeout: 180_000 },
    async () => {
      await using project = await openProject(files);
      expect(await peer(project, "up", "-d")).toMatchObject({ code: 0 });
      const before = await identities(project);
      const ran = await project.run("up", "-d");
      expect(ran).toMatchObject({ code: 0, stdout: "" });
      expect(ran.stderr).not.toMatch(/Recreate|Creating|Starting/);
      expect(await identities(project)).toEqual(before);
      await project.succeed("down", "-v");
      expect(await everything(project)).toEqual([]);
    },
  );

  test(
    "what we brought up is up to date for docker compose, and it can take it down",
    { timeout: 180_000 },
    async () => {
      await using project = await openProject(files);
      await project.succeed("up", "-d");
      const before = await identities(project);
      const ran = await peer(project, "up", "-d");
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.stderr).not.toMatch(/Recreate|Creating|Starting/);
      expect(await identities(project)).toEqual(before);
      const listed = await peer(project, "ps", "--format", "{{.Name}}");
      expect(listed.stdout.trim().split("\n").sort()).toEqual(before.map(({ name }) => name));
      expect(await peer(project, "down", "-v")).toMatchObject({ code: 0 });
      expect(await everything(project)).toEqual([]);
    },
  );
});

async function identities(
  project: TestProject,
): Promise<readonly { readonly name: string; readonly started: string }[]> {
  const containers = await containersOf(project.name);
  return containers.map(({ Name, Id, State }) => ({ name: Name, id: Id, started: State.StartedAt }));
}

async function everything({ name }: TestProject): Promise<readonly unknown[]> {
  return [...(await containersOf(name)), ...(await networksOf(name)), ...(await volumesOf(name))];
}
