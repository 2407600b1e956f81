// Every way to every engine that the matrix tries: proxies on loopback, an ssh server, the distribution's engines.
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";

export const root = path.resolve(import.meta.dirname, "..");
export const scratch = mkdtempSync(path.join(os.tmpdir(), "tst-engines-"));
export const socket = (process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
export const servers = [];

// Each is tried where `start` does not throw; it returns the environment, and what stands before the command.
export const ways = {
  "Docker, unix socket": { start: async () => ({ env: { DOCKER_HOST: `unix://${socket}` } }) },
  "Docker, tcp": {
    start: async () => ({ env: { DOCKER_HOST: `tcp://127.0.0.1:${await relay(net.createServer())}` } }),
  },
  "Docker, tcp with TLS and client certificates": { start: withTls },
  "Docker, docker context with TLS": { start: withContext },
  "Docker, http with a path": { start: withPath },
  "Docker, ssh": { start: withSsh },
  "Docker, API 1.41": {
    start: async () => ({ env: { DOCKER_HOST: `unix://${socket}`, DOCKER_API_VERSION: "1.41" } }),
  },
  "Docker 20.10 (Debian's)": { start: async () => ofDistribution("older-engine") },
  "Podman 4.3 (Debian's)": { start: async () => ofDistribution("podman") },
};

export function run(program, args, { cwd = root, env = {} } = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(DOCKER_|COMPOSE_)/.test(name));
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...Object.fromEntries(inherited), ...env }, timeout: 120_000 };
    execFile(program, args, options, (error, stdout, stderr) =>
      error ? reject(Object.assign(error, { stderr })) : resolve(stdout),
    );
  });
}

async function listen(server) {
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

function join(near, far) {
  near.on("error", () => far.destroy()).on("close", () => far.destroy());
  far.on("error", () => near.destroy()).on("close", () => near.destroy());
  near.pipe(far).pipe(near);
}

/** Bytes from a server's connections to the engine's socket. */
function relay(server, event = "connection") {
  return listen(server.on(event, (near) => join(near, net.connect(socket))));
}

function certificates() {
  const folder = path.join(scratch, "certificates");
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  const make = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  make(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=authority",
    "-keyout",
    "ca-key.pem",
    "-out",
    "ca.pem",
  );
  for (const [name, extension] of [
    ["server", "subjectAltName=IP:127.0.0.1"],
    ["", "extendedKeyUsage=clientAuth"],
  ]) {
    const [key, cert] = [`${name && `${name}-`}key.pem`, `${name && `${name}-`}cert.pem`];
    writeFileSync(path.join(folder, "extension"), extension);
    make(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      `/CN=${name || "client"}`,
      "-keyout",
      key,
      "-out",
      "request.pem",
    );
    make(
      "x509",
      "-req",
      "-in",
      "request.pem",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca-key.pem",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "extension",
      "-out",
      cert,
    );
  }
  return folder;
}

function tlsPort() {
  const folder = certificates();
  const [ca, cert, key] = ["ca.pem", "server-cert.pem", "server-key.pem"].map((name) =>
    readFileSync(path.join(folder, name)),
  );
  return relay(tls.createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }), "secureConnection");
}

async function withTls() {
  const port = await tlsPort();
  return { env: { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certificates() } };
}

async function withContext() {
  const { createHash } = await import("node:crypto");
  const [config, port, folder] = [
    path.join(scratch, "config"),
    await tlsPort(),
    createHash("sha256").update("far").digest("hex"),
  ];
  const [meta, keys] = [
    path.join(config, "contexts/meta", folder),
    path.join(config, "contexts/tls", folder, "docker"),
  ];
  for (const each of [meta, keys]) mkdirSync(each, { recursive: true });
  for (const name of ["ca.pem", "cert.pem", "key.pem"]) cpSync(path.join(certificates(), name), path.join(keys, name));
  const endpoint = { Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: false };
  writeFileSync(
    path.join(meta, "meta.json"),
    JSON.stringify({ Name: "far", Metadata: {}, Endpoints: { docker: endpoint } }),
  );
  writeFileSync(path.join(config, "config.json"), JSON.stringify({ currentContext: "far" }));
  return { env: { DOCKER_CONFIG: config } };
}

/** What a reverse proxy does that gives an engine a path of its own. */
async function withPath() {
  const forward = (request) =>
    http.request({
      socketPath: socket,
      method: request.method,
      headers: request.rawHeaders,
      path: request.url.replace(/^\/engine/, ""),
    });
  const server = http.createServer((request, response) => {
    const far = forward(request).on("response", (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    far.on("error", () => response.destroy());
    response.on("close", () => far.destroy());
    request.pipe(far);
  });
  server.on("upgrade", async (request, near, head) => {
    // Of a request that wants to be upgraded the body comes with what follows.
    const length = Number(request.headers["content-length"] ?? 0);
    let body = head;
    while (body.length < length) {
      const [more] = await once(near, "data");
      body = Buffer.concat([body, more]);
    }
    near.pause();
    const far = forward(request).on("upgrade", (answer, stream, first) => {
      const headers = Object.entries(answer.headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("");
      near.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${headers}\r\n`);
      if (first.length > 0) near.write(first);
      if (body.length > length) stream.write(body.subarray(length));
      join(near, stream);
    });
    far.on("error", () => near.destroy());
    far.end(body.subarray(0, length));
  });
  return { env: { DOCKER_HOST: `http://127.0.0.1:${await listen(server)}/engine` } };
}

async function withSsh() {
  if (process.getuid() !== 0) throw new Error("the ssh server needs root");
  const address = (await run(".ci/sshd", ["start"], {})).trim();
  const folder = (await run(".ci/sshd", ["path"], {})).trim();
  return { env: { DOCKER_HOST: `${address}${socket}`, PATH: `${folder}:${process.env.PATH}` } };
}

async function ofDistribution(program) {
  if (process.getuid() !== 0) throw new Error("an engine of one's own needs root");
  await run(`.ci/${program}`, ["start"], {});
  const images = (await run(`.ci/${program}`, ["socket"], {})).trim();
  return { env: {}, before: [path.join(root, ".ci", program), "inside"], images };
}
