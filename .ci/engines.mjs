#!/usr/bin/env node
// The same two projects on every engine and over every way to one that can be had here; the table in
// docs/compatibility.md says what came of it.
//
//   .ci/engines.mjs            runs, and fails where a way does otherwise than the table says
//   .ci/engines.mjs --write    runs, and writes the table
//
// What this machine cannot have is left out with the reason, and its row stays as it is.
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";

const root = path.resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(path.join(os.tmpdir(), "tst-engines-"));
const socket = (process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
const steps = ["up --wait", "ps", "logs", "exec", "up again", "build", "down"];

// Each is tried where `start` does not throw; it returns the environment, and what stands before the command.
const ways = {
  "Docker 28.5, unix socket": { start: async () => ({ env: { DOCKER_HOST: `unix://${socket}` } }) },
  "Docker 28.5, tcp": { start: async () => ({ env: { DOCKER_HOST: `tcp://127.0.0.1:${await relay(net.createServer())}` } }) },
  "Docker 28.5, tcp with TLS and client certificates": { start: withTls },
  "Docker 28.5, docker context with TLS": { start: withContext },
  "Docker 28.5, http with a path": { start: withPath },
  "Docker 28.5, ssh": { start: withSsh },
  "Docker 28.5, API 1.41": {
    start: async () => ({ env: { DOCKER_HOST: `unix://${socket}`, DOCKER_API_VERSION: "1.41" } }),
  },
  "Docker 20.10 (Debian's)": { start: async () => ofDistribution("older-engine") },
  "Podman 4.3 (Debian's)": { start: async () => ofDistribution("podman") },
};

const servers = [];
let failed = 0;
let passed = 0;
const results = new Map();
try {
  for (const [name, { start, stop }] of Object.entries(ways)) {
    const way = await start().catch((error) => ({ absent: String(error.stderr ?? error.message).trim().split("\n").at(-1) }));
    if (way.absent !== undefined) {
      console.log(`${name}: left out, ${way.absent}`);
      continue;
    }
    const row = await lifecycle(way);
    results.set(name, row);
    console.log(`${name}: ${steps.map((step) => `${step} ${row[step] === "" ? "works" : `FAILS (${row[step]})`}`).join(", ")}`);
    await stop?.();
  }
} finally {
  for (const server of servers) server.close();
  for (const program of ["sshd", "podman"]) run(`.ci/${program}`, ["stop"], {}).catch(() => {});
  rmSync(scratch, { recursive: true, force: true });
}
compare();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function lifecycle(way) {
  const name = `tst-engines-${process.pid}-${results.size}`;
  const chain = project("health-chain", name, `services:
${["schema", "database", "api", "web"].map((each) => `  ${each}: { image: tscompose-test/busybox${each === "web" ? ', ports: !override ["127.0.0.1::8080"]' : ""} }`).join("\n")}
`);
  const web = project("node-web", `${name}-web`, `services:
  web: { build: { args: { NODE_IMAGE: tscompose-test/node } }, ports: !override ["127.0.0.1::8080"] }
`);
  const row = {};
  const check = async (step, act) => {
    row[step] = await act().then(() => "", (error) => reason(error));
  };
  await run("node", ["scripts/stand-ins.mjs", "--no-pull", "tscompose-test/busybox", "tscompose-test/node"], { env: { DOCKER_HOST: way.images ?? `unix://${socket}` } });
  await check("up --wait", () => compose(way, chain, "up", "-d", "--wait"));
  await check("ps", async () => {
    const listed = (await compose(way, chain, "ps", "-a", "--format", "json")).trim().split("\n").map((line) => JSON.parse(line));
    const states = listed.map(({ Service, State, ExitCode }) => `${Service} ${State} ${ExitCode}`).sort().join(", ");
    expect(states, "api running 0, database running 0, schema exited 0, web running 0");
  });
  await check("logs", async () => {
    const lines = (await compose(way, chain, "logs", "--no-log-prefix", "schema", "database")).trim().split("\n").sort();
    expect(lines.join(", "), "database is ready, schema is in place");
  });
  await check("exec", async () => expect(await compose(way, chain, "exec", "-T", "api", "sh", "-c", "nslookup database >/dev/null 2>&1; echo in"), "in\n"));
  // Only the job that has ended is to be run again.
  await check("up again", async () => expect(await compose(way, chain, "plan"), /^1 to start\n/));
  await check("build", async () => {
    await compose(way, web, "up", "-d", "--wait", "--build");
    expect(await compose(way, web, "logs", "--no-log-prefix"), /listening on port 8080/);
  });
  await check("down", async () => {
    for (const each of [chain, web]) {
      await compose(way, each, "down", "--rmi", "local", "-t", "2");
      expect((await compose(way, each, "ps", "-aq")).trim(), "");
    }
  });
  return row;
}

function project(example, name, override) {
  const folder = path.join(scratch, name);
  cpSync(path.join(root, "examples", example), folder, { recursive: true });
  writeFileSync(path.join(folder, "docker-compose.override.yml"), override);
  return { name, folder };
}

async function compose({ env, before = [] }, { name, folder }, ...args) {
  const [program, ...rest] = [...before, process.execPath, path.join(root, "dist/cli.js"), "-p", name, ...args];
  return run(program, rest, { cwd: folder, env });
}

function run(program, args, { cwd = root, env = {} }) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(DOCKER_|COMPOSE_)/.test(name));
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...Object.fromEntries(inherited), ...env }, timeout: 120_000 };
    execFile(program, args, options, (error, stdout, stderr) => (error ? reject(Object.assign(error, { stderr })) : resolve(stdout)));
  });
}

function expect(found, wanted) {
  if (wanted instanceof RegExp ? wanted.test(found) : found === wanted) return;
  throw new Error(`${JSON.stringify(found)} instead of ${String(wanted)}`);
}

function reason(error) {
  const text = String(error.stderr ?? "").split("\n").find((line) => /^error:/.test(line)) ?? error.message;
  return text.replace(/^error: /, "").slice(0, 300);
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
  make("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca-key.pem", "-out", "ca.pem");
  for (const [name, extension] of [["server", "subjectAltName=IP:127.0.0.1"], ["", "extendedKeyUsage=clientAuth"]]) {
    const [key, cert] = [`${name && `${name}-`}key.pem`, `${name && `${name}-`}cert.pem`];
    writeFileSync(path.join(folder, "extension"), extension);
    make("req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name || "client"}`, "-keyout", key, "-out", "request.pem");
    make("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "2", "-extfile", "extension", "-out", cert);
  }
  return folder;
}

function tlsPort() {
  const folder = certificates();
  const [ca, cert, key] = ["ca.pem", "server-cert.pem", "server-key.pem"].map((name) => readFileSync(path.join(folder, name)));
  return relay(tls.createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }), "secureConnection");
}

async function withTls() {
  const port = await tlsPort();
  return { env: { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certificates() } };
}

async function withContext() {
  const { createHash } = await import("node:crypto");
  const [config, port, folder] = [path.join(scratch, "config"), await tlsPort(), createHash("sha256").update("far").digest("hex")];
  const [meta, keys] = [path.join(config, "contexts/meta", folder), path.join(config, "contexts/tls", folder, "docker")];
  for (const each of [meta, keys]) mkdirSync(each, { recursive: true });
  for (const name of ["ca.pem", "cert.pem", "key.pem"]) cpSync(path.join(certificates(), name), path.join(keys, name));
  const endpoint = { Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: false };
  writeFileSync(path.join(meta, "meta.json"), JSON.stringify({ Name: "far", Metadata: {}, Endpoints: { docker: endpoint } }));
  writeFileSync(path.join(config, "config.json"), JSON.stringify({ currentContext: "far" }));
  return { env: { DOCKER_CONFIG: config } };
}

/** What a reverse proxy does that gives an engine a path of its own. */
async function withPath() {
  const forward = (request) => http.request({ socketPath: socket, method: request.method, headers: request.headers, path: request.url.replace(/^\/engine/, "") });
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
      const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
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

function compare() {
  const file = path.join(root, "docs/compatibility.md");
  const text = readFileSync(file, "utf8");
  const [before, inner = "", after] = text.split(/(?<=<!-- engines -->\n)|(?=<!-- \/engines -->)/);
  const said = new Map(inner.trim().split("\n").slice(2).map((line) => [line.split("|")[1]?.trim(), line]));
  for (const [name, row] of results) {
    const line = `| ${[name, ...steps.map((step) => (row[step] === "" ? "✓" : "✗"))].join(" | ")} |`;
    if (said.get(name) === line) passed += 1;
    else if (process.argv.includes("--write")) passed += 1;
    else {
      failed += 1;
      console.log(`docs/compatibility.md says "${said.get(name) ?? "nothing"}", but it is "${line}"`);
    }
    said.set(name, line);
  }
  if (!process.argv.includes("--write")) return;
  const lines = Object.keys(ways).flatMap((name) => said.get(name) ?? []);
  const head = `| | ${steps.join(" | ")} |\n|---|${steps.map(() => ":-:").join("|")}|`;
  writeFileSync(file, `${before}\n${head}\n${lines.join("\n")}\n\n${after}`);
}
