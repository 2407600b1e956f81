// Runs the new CLI a few times the way it is used most, so that V8's compiled form of just that can be kept. The engine
// is one of ours, on a socket of its own: it has the one container that the sample project wants.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";

const compose = `name: sample
services:
  web:
    image: sample/web
    command: [serve, "--port", "80"]
    environment: { LEVEL: "\${LEVEL:-info}", EMPTY: "" }
    ports: [ "127.0.0.1:8080:80" ]
    volumes: [ "data:/data", "./conf:/conf:ro" ]
    depends_on: { db: { condition: service_healthy } }
  db:
    image: sample/web
    healthcheck: { test: "true", interval: 5s }
volumes: { data: {} }
`;

export async function warmUp(cli) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tscompose-build-"));
  const socket = path.join(folder, "engine.sock");
  const known = new Map();
  const server = createServer((request, response) => answer(request, response, known));
  try {
    await writeFile(path.join(folder, "compose.yaml"), compose);
    // Written as few people do, it is read by the yaml package.
    await writeFile(path.join(folder, "other.yaml"), JSON.stringify({ services: { web: { image: "sample/web" } } }));
    await new Promise((settle) => server.listen(socket, settle));
    const run = (...args) => runCli(cli, args, { folder, socket });
    for (const line of (await run("config", "--hash", "*")).trim().split("\n")) known.set(...line.split(" "));
    const other = ["-f", "other.yaml", "config", "-q"];
    for (const verb of [other, ["config", "-q"], ["ps"], ["up", "-d"], ["plan"], ["version"]]) await run(...verb);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** How it ends is of no interest: what it ran into is compiled by then. */
function runCli(cli, args, { folder, socket }) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    DOCKER_HOST: `unix://${socket}`,
    TSCOMPOSE_WRITE_CODE_CACHE: "1",
  };
  return new Promise((settle) => {
    execFile(process.execPath, [cli, ...args], { cwd: folder, env, timeout: 20_000 }, (_, stdout) => settle(stdout));
  });
}

const label = (key) => `com.docker.compose.${key}`;

function answer({ url }, response, hashes) {
  const [where] = url.replace(/^\/v[\d.]+/, "").split("?");
  const answers = {
    "/_ping": "OK",
    "/containers/json": [...hashes].map(([service, hash]) => container(service, hash)),
    "/networks": [
      {
        Name: "sample_default",
        Id: "n1",
        Driver: "bridge",
        Labels: { [label("project")]: "sample", [label("network")]: "default" },
      },
    ],
    "/volumes": {
      Volumes: [
        {
          Name: "sample_data",
          Driver: "local",
          Mountpoint: "/",
          Labels: { [label("project")]: "sample", [label("volume")]: "data" },
        },
      ],
    },
    "/images/sample/web/json": image,
    "/images/sample/web:latest/json": image,
  };
  response.setHeader("Api-Version", "1.51");
  response.setHeader("Ostype", "linux");
  response.setHeader("Server", "Docker/28.5.2 (linux)");
  response.setHeader("Content-Type", "application/json");
  response.statusCode = where in answers ? 200 : 404;
  response.end(where === "/_ping" ? "OK" : JSON.stringify(answers[where] ?? { message: "none" }));
}

const image = {
  Id: "sha256:1",
  RepoTags: ["sample/web:latest"],
  Os: "linux",
  Architecture: "amd64",
  Size: 1,
  Config: {},
};

function container(service, hash) {
  return {
    Id: service,
    Names: [`/sample-${service}-1`],
    Image: "sample/web",
    ImageID: "sha256:1",
    Command: "serve",
    Created: 0,
    State: "running",
    Status: "Up 5 minutes (healthy)",
    Ports: [{ IP: "127.0.0.1", PrivatePort: 80, PublicPort: 8080, Type: "tcp" }],
    Mounts: [{ Type: "volume", Name: "sample_data", Source: "/", Destination: "/data", RW: true }],
    NetworkSettings: { Networks: { sample_default: { NetworkID: "n1", IPAddress: "" } } },
    Labels: {
      [label("project")]: "sample",
      [label("service")]: service,
      [label("container-number")]: "1",
      [label("oneoff")]: "False",
      [label("config-hash")]: hash,
      [label("image")]: "sha256:1",
    },
  };
}
