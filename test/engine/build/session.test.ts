// What a build's own connections carry, over which transports, and how they end.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, utimes, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";

import { beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { get } from "../../harness/engine-api.ts";
import { ensureImage, testImages } from "../../harness/images.ts";
import { openProject, type TestProject } from "../../harness/project.ts";

const run = promisify(execFile);

beforeAll(async () => {
  await ensureImage(testImages.busybox);
});

/** What the engine has cached of an earlier run of the tests prints nothing. */
const from = `FROM ${testImages.busybox}\nENV TEST_RUN=${process.pid}.${Date.now()}`;

describe("an unchanged context", () => {
  // One folder for all runs: the engine keeps a copy of every context that it has seen.
  const folder = path.join(os.tmpdir(), "tscompose-test-context");
  const megabytes = 500;

  test("of 500 MB sends nothing the second time, and memory stays low", { timeout: 180_000 }, async () => {
    await mkdir(path.join(folder, "data"), { recursive: true });
    await writeFile(path.join(folder, "Dockerfile"), `FROM ${testImages.busybox}\nCOPY Dockerfile data/small /\n`);
    await writeFile(path.join(folder, "data/small"), "small");
    await writeFile(path.join(folder, "Wide.Dockerfile"), `FROM scratch\nCOPY data /data\n`);
    for (let at = 0; at < 5; at += 1) {
      const file = path.join(folder, `data/${at}`);
      await writeFile(file, "");
      await truncate(file, (megabytes / 5) * 1e6);
      await utimes(file, new Date(), new Date());
    }
    await using project = await openProject({
      "compose.yaml": `services: { app: { build: { context: "${folder}", dockerfile: Wide.Dockerfile } } }`,
    });
    const proxy = await countingProxy();
    const first = await peakMemory(project, proxy.host);
    expect(proxy.sent()).toBeGreaterThan(megabytes * 1e6);
    expect(first).toBeLessThan(150);
    const before = proxy.sent();
    expect(await peakMemory(project, proxy.host)).toBeLessThan(150);
    expect(proxy.sent() - before).toBeLessThan(20_000);
    // One file of five.
    await utimes(path.join(folder, "data/3"), new Date(1e12), new Date(1e12));
    const between = proxy.sent();
    await peakMemory(project, proxy.host);
    const sent = (proxy.sent() - between) / 1e6;
    expect(sent).toBeGreaterThan(100);
    expect(sent).toBeLessThan(102);
  });
});

describe("ssh", async () => {
  const hasAgent = await run("ssh-agent", ["-h"]).then(
    () => true,
    (error: { code?: unknown }) => error.code !== "ENOENT",
  );
  // Asks the agent behind the mount for its keys, and for a signature with each.
  const client = `
import net from "node:net";
const agent = net.connect(process.env.SSH_AUTH_SOCK);
let pending = Buffer.alloc(0);
const waiting = [];
agent.on("data", (bytes) => {
  pending = Buffer.concat([pending, bytes]);
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
    const end = 4 + pending.readUInt32BE(0);
    waiting.shift()(pending.subarray(4, end));
    pending = pending.subarray(end);
  }
});
const text = (bytes) => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
const ask = (bytes) => new Promise((settle) => (waiting.push(settle), agent.write(text(bytes))));
const list = await ask(Buffer.from([11]));
let at = 5;
for (let left = list.readUInt32BE(1); left > 0; left -= 1) {
  const [key, comment] = [0, 1].map(() => {
    const length = list.readUInt32BE(at);
    const part = list.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part;
  });
  const signed = await ask(Buffer.concat([Buffer.from([13]), text(key), text(Buffer.from("data")), Buffer.from([0, 0, 0, 4])]));
  console.log("key", comment.toString(), signed[0] === 14 ? signed.subarray(9, 9 + signed.readUInt32BE(5)).toString() : "refused");
}
agent.end();
`;

  test.skipIf(!hasAgent)("an agent's keys, and keys of files, sign for the build", async () => {
    await ensureImage(testImages.node);
    await using project = await openProject({
      "compose.yaml": `
services:
  app: { build: { context: ., ssh: [default, "file=./ed25519"] } }
`,
      "client.mjs": client,
      Dockerfile: [
        `FROM ${testImages.node}`,
        "COPY client.mjs /",
        "RUN --mount=type=ssh echo the agent; node /client.mjs",
        "RUN --mount=type=ssh,id=file,required=true echo the file; node /client.mjs",
      ].join("\n"),
    });
    for (const type of ["ed25519", "rsa", "ecdsa"]) {
      await run("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", `of-${type}`, "-f", path.join(project.folder, type)]);
    }
    const socket = path.join(project.folder, "agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
    onTestFinished(() => void agent.kill());
    await once(agent.stdout, "data");
    const env = { SSH_AUTH_SOCK: socket };
    const keys = ["rsa", "ecdsa"].map((type) => path.join(project.folder, type));
    await run("ssh-add", ["-q", ...keys], { env: { ...process.env, ...env } });
    const built = await project.runWith({ env }, "build", "--no-cache", "--ssh", "unused=rsa,ecdsa");
    expect(built.code).toBe(0);
    const log = printed(built.stderr).filter((line) => /^(key|the) /.test(line));
    expect(log).toEqual([
      "the agent",
      "key of-rsa rsa-sha2-512",
      "key of-ecdsa ecdsa-sha2-nistp256",
      "the file",
      "key of-ed25519 ssh-ed25519",
    ]);
  });
});

describe("the way to the engine", () => {
  const files = {
    "compose.yaml": "services: { app: { build: . } }",
    Dockerfile: `${from}\nCOPY file /\nRUN echo built $(cat /file)\n`,
    file: "with its context",
  };

  test("by TLS, with a certificate for each side", async () => {
    await using project = await openProject(files);
    const folder = await certificates();
    const read = (name: string): Promise<Buffer> => readFile(path.join(folder, name));
    const options = {
      ca: await read("ca.pem"),
      cert: await read("cert.pem"),
      key: await read("key.pem"),
      requestCert: true,
    };
    const server = tls.createServer(options, (near) => join(near, net.connect(engineSocket())));
    const host = `tcp://127.0.0.1:${await listening(server)}`;
    const env = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
    const built = await project.runWith({ env }, "build", "--no-cache");
    expect(built.stderr).toContain("built with its context");
    expect(built.code).toBe(0);
  });

  test("what does not let connections change their protocol: by the plain build call", async () => {
    await using project = await openProject(files);
    const refused: string[] = [];
    const server = net.createServer((near) => {
      const far = net.connect(engineSocket());
      const pass = join(near, far);
      near.on("data", (bytes) => {
        if (!/^POST \S+\/grpc /.test(bytes.toString("latin1"))) return;
        refused.push("grpc");
        pass.stop();
        near.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      });
    });
    const host = `tcp://127.0.0.1:${await listening(server)}`;
    const built = await project.runWith({ env: { DOCKER_HOST: host } }, "build", "--no-cache");
    expect(built.stderr).toContain("built with its context");
    expect(built.code).toBe(0);
    expect(refused).toEqual(["grpc"]);
  });

  test("DOCKER_BUILDKIT=0: the classic builder", async () => {
    await using project = await openProject(files);
    const env = { DOCKER_BUILDKIT: "0" };
    const built = await project.runWith({ env }, "build", "--no-cache", "--memory", "100m");
    expect(built.stderr).not.toContain("limits the classic builder only");
    expect(built.stderr).toContain("Step 1/8 : FROM");
    const { Config } = await get<{ Config: { Labels: object } }>(`/images/${project.name}-app/json`);
    expect(Config.Labels).toHaveProperty(["com.docker.compose.image.builder"], "classic");
    expect(built.stderr).toContain("built with its context");
    expect(built.code).toBe(0);
  });
});

describe("the end", () => {
  test("a failure shows the step's output, the lines, and what was not tried", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  base: { build: . }
  app: { build: { context: ., dockerfile: App.Dockerfile, additional_contexts: { base: service:base } } }
`,
      Dockerfile: `${from}\n\nRUN echo fine\nRUN echo about to fail; \\\n  exit 7\nRUN echo never\n`,
      "App.Dockerfile": "FROM base",
    });
    const { code, stderr } = await project.run("build");
    expect(code).toBe(1);
    const told = stderr
      .slice(stderr.indexOf("error: "))
      .replaceAll(project.name, "demo")
      .replace(/TEST_RUN=.*/, "TEST_RUN=…");
    expect(told).toMatchInlineSnapshot(`
      "error: image demo-base: process "/bin/sh -c echo about to fail;   exit 7" did not complete successfully: exit code: 7
        [3/4] RUN echo about to fail;   exit 7:
        about to fail
        Dockerfile:5
          3 |
          4 | RUN echo fine
        > 5 | RUN echo about to fail; \\
        > 6 |   exit 7
          7 | RUN echo never

      not tried
        because of image demo-base: image demo-app
      "
    `);
    const quiet = await project.run("build", "--quiet");
    expect(quiet.stderr.replaceAll(project.name, "demo").replace(/TEST_RUN=.*/, "TEST_RUN=…")).toBe(told);
  });

  test("Ctrl-C ends the build on the engine, too", async () => {
    await using project = await openProject({
      "compose.yaml": "services: { app: { build: . } }",
      Dockerfile: `${from}\nRUN echo sleeping; exec sleep 98765\n`,
    });
    const running = await project.start("build");
    await running.waitFor(/\d*sleeping\n/);
    // The shell that said so becomes the sleeper a moment later.
    await expect.poll(sleepers, { timeout: 30_000 }).toBe(1);
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    await expect.poll(sleepers, { timeout: 30_000 }).toBe(0);
  });

  test("nothing is left: no connection keeps the program, no file the disk", async () => {
    await using project = await openProject({
      "compose.yaml": `services: { app: { build: { dockerfile_inline: "FROM ${testImages.busybox}" } } }`,
    });
    // Others put their files where everybody does.
    const own = path.join(project.folder, "tmp");
    await mkdir(own);
    expect(await project.runWith({ env: { TMPDIR: own } }, "build")).toMatchObject({ code: 0 });
    expect(await readdir(own)).toEqual([]);
    expect((await get<{ Id: string }>(`/images/${project.name}-app/json`)).Id).toMatch(/^sha256:/);
  });
});

function printed(log: string): readonly string[] {
  return log.split("\n").map((line) => line.replace(/^ Image \S+ {2}/, ""));
}

function engineSocket(): string {
  return (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
}

function join(near: net.Socket, far: net.Socket): { stop(): void } {
  near.pipe(far).pipe(near);
  near.on("error", () => far.destroy());
  far.on("error", () => near.destroy());
  return {
    stop() {
      near.unpipe(far);
      far.unpipe(near);
      far.destroy();
    },
  };
}

async function listening(server: net.Server): Promise<number> {
  const open = new Set<net.Socket>();
  server.on("connection", (socket) => void open.add(socket));
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function countingProxy(): Promise<{ readonly host: string; sent(): number }> {
  let sent = 0;
  const server = net.createServer((near) => {
    join(near, net.connect(engineSocket()));
    near.on("data", (bytes) => (sent += bytes.length));
  });
  return { host: `tcp://127.0.0.1:${await listening(server)}`, sent: () => sent };
}

/** In megabytes, as the kernel counts it for the whole process. */
async function peakMemory(project: TestProject, host: string): Promise<number> {
  const measured = `
process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n"));
`;
  const hook = path.join(project.folder, "measure.cjs");
  await writeFile(hook, measured);
  const env = { DOCKER_HOST: host, NODE_OPTIONS: `--require=${hook}` };
  const { code, stderr } = await project.runWith({ env, timeoutMs: 120_000 }, "build");
  if (code !== 0) throw new Error(stderr);
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
}

async function certificates(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-tls-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = ["-keyout", "key.pem", "-out", "cert.pem"];
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...names, ...files], { cwd: folder });
  await run("cp", ["cert.pem", "ca.pem"], { cwd: folder });
  return folder;
}

async function sleepers(): Promise<number> {
  const { stdout } = await run("ps", ["-eo", "args"]);
  return stdout.split("\n").filter((line) => line.startsWith("sleep 98765")).length;
}
