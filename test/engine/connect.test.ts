import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { connect, type ConnectOptions } from "../../src/engine/connect.ts";
import type { EngineInfo } from "../../src/engine/engine.ts";

/** Small servers that answer a ping as an engine does: what is tested is whom we ask, how, and what we say if nobody answers. */

let home: string;
let servers: Server[] = [];
let requests: string[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tscompose-home-"));
  requests = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((settle) => server.close(settle))));
  servers = [];
  rmSync(home, { recursive: true });
});

interface Ping {
  readonly api?: string;
  readonly builder?: string;
  /** Engines before 19.03 know no HEAD. */
  readonly onlyGet?: boolean;
}

function answering({ api = "1.51", builder = "2", onlyGet = false }: Ping = {}): RequestListener {
  return (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.url?.endsWith("/_ping") !== true) return void response.end("[]");
    if (onlyGet && request.method === "HEAD") return void response.writeHead(405).end();
    const headers = {
      "Api-Version": api,
      Ostype: "linux",
      "Builder-Version": builder,
      Server: "Docker/28.5.2 (linux)",
    };
    response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : "OK");
  };
}

async function listen(server: Server, where: string | undefined): Promise<number> {
  servers.push(server);
  await new Promise<void>((settle) =>
    where === undefined ? server.listen(0, "127.0.0.1", settle) : server.listen(where, settle),
  );
  const address = server.address() as AddressInfo | string;
  return typeof address === "string" ? 0 : address.port;
}

async function socketServer(name: string, ping?: Ping): Promise<string> {
  const path = join(home, name);
  mkdirSync(join(path, ".."), { recursive: true });
  await listen(createServer(answering(ping)), path);
  return path;
}

async function info(environment: Record<string, string> = {}, more: Partial<ConnectOptions> = {}): Promise<EngineInfo> {
  const engine = await connect({ environment: new Map(Object.entries({ HOME: home, ...environment })), ...more });
  await engine.listContainers({ all: true });
  await engine.close();
  return engine.info;
}

function failure(environment: Record<string, string> = {}, more: Partial<ConnectOptions> = {}) {
  return info(environment, more).then(
    () => ({ message: "connected", hint: "" }),
    (error: { message: string; hint: string }) => ({
      message: error.message.replaceAll(home, "~"),
      hint: error.hint,
    }),
  );
}

function writeContext(name: string, host: string, more: { readonly skip?: boolean; readonly ca?: string } = {}): void {
  const folder = createHash("sha256").update(name).digest("hex");
  const meta = join(home, ".docker/contexts/meta", folder);
  mkdirSync(meta, { recursive: true });
  const docker = { Host: host, SkipTLSVerify: more.skip === true };
  writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker } }));
  if (more.ca === undefined) return;
  const tls = join(home, ".docker/contexts/tls", folder, "docker");
  mkdirSync(tls, { recursive: true });
  writeFileSync(join(tls, "ca.pem"), more.ca);
}

describe("who is asked", () => {
  test("an address may have spaces around it, and no host where it is this machine", async () => {
    const socket = await socketServer("a.sock");
    expect(await info({ DOCKER_HOST: ` unix://${socket}\n` })).toMatchObject({ endpoint: `unix://${socket}` });
    const server = createServer(answering());
    const port = await listen(server, undefined);
    for (const host of [`tcp://:${port}`, `:${port}`, ` http://:${port}/ `]) {
      expect(await info({ DOCKER_HOST: host })).toMatchObject({ version: "28.5.2" });
    }
  });

  test("DOCKER_HOST, once, and then in the version that both know", async () => {
    const socket = await socketServer("a.sock");
    expect(await info({ DOCKER_HOST: `unix://${socket}` })).toEqual({
      version: "28.5.2",
      api: [1, 51],
      os: "linux",
      buildkit: true,
      swarm: false,
      endpoint: `unix://${socket}`,
    });
    expect(requests.map((each) => each.split("?", 1)[0])).toEqual(["HEAD /_ping", "GET /v1.51/containers/json"]);
  });

  test("--host wins over DOCKER_HOST, DOCKER_HOST over DOCKER_CONTEXT, that over the current context", async () => {
    const [flag, host, variable, current] = await Promise.all(
      ["flag", "host", "variable", "current"].map((name) => socketServer(`${name}.sock`)),
    );
    writeContext("variable", `unix://${variable}`);
    writeContext("current", `unix://${current}`);
    writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ currentContext: "current" }));
    expect((await info()).endpoint).toBe(`unix://${current}`);
    expect((await info({ DOCKER_CONTEXT: "variable" })).endpoint).toBe(`unix://${variable}`);
    const both = { DOCKER_CONTEXT: "variable", DOCKER_HOST: `unix://${host}` };
    expect((await info(both)).endpoint).toBe(`unix://${host}`);
    expect((await info(both, { host: `unix://${flag}` })).endpoint).toBe(`unix://${flag}`);
    expect((await info(both, { context: "current" })).endpoint).toBe(`unix://${current}`);
    expect((await info(both, { context: "default" })).endpoint).toBe(`unix://${host}`);
  });

  test("a rootless engine, when nobody has said anything else", async () => {
    // The system's own socket comes first; where there is one, it is the answer.
    const socket = await socketServer("run/docker.sock");
    const { endpoint } = await info({ XDG_RUNTIME_DIR: join(home, "run") });
    expect(["unix:///var/run/docker.sock", `unix://${socket}`]).toContain(endpoint);
  });

  test("tcp, with and without scheme", async () => {
    const port = await listen(createServer(answering()), undefined);
    expect((await info({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).version).toBe("28.5.2");
    expect((await info({ DOCKER_HOST: `127.0.0.1:${port}` })).version).toBe("28.5.2");
    await info({ DOCKER_HOST: `http://127.0.0.1:${port}/behind/a/proxy/` });
    expect(requests.at(-1)).toMatch(/^GET \/behind\/a\/proxy\/v1\.51\/containers\/json/);
  });

  test("headers of config.json go along", async () => {
    const seen: unknown[] = [];
    const answer = answering();
    const server = createServer((request, response) => {
      seen.push(request.headers["x-team"]);
      answer(request, response);
    });
    await listen(server, join(home, "h.sock"));
    mkdirSync(join(home, ".docker"));
    writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ HttpHeaders: { "X-Team": "blue" } }));
    await info({ DOCKER_HOST: `unix://${home}/h.sock` });
    expect(seen).toEqual(["blue", "blue"]);
  });
});

describe("which API", () => {
  test("an older engine's own, found by GET where HEAD is not known", async () => {
    const socket = await socketServer("a.sock", { api: "1.38", builder: "1", onlyGet: true });
    expect(await info({ DOCKER_HOST: `unix://${socket}` })).toMatchObject({ api: [1, 38], buildkit: false });
    expect(requests[2]).toMatch(/^GET \/v1\.38\//);
  });

  test("ours, of a newer engine", async () => {
    const socket = await socketServer("a.sock", { api: "1.99" });
    expect((await info({ DOCKER_HOST: `unix://${socket}` })).api).toEqual([1, 51]);
  });

  test("the one that DOCKER_API_VERSION pins", async () => {
    const socket = await socketServer("a.sock");
    const environment = { DOCKER_HOST: `unix://${socket}`, DOCKER_API_VERSION: "1.41" };
    expect((await info(environment)).api).toEqual([1, 41]);
    expect(await failure({ ...environment, DOCKER_API_VERSION: "new" })).toMatchInlineSnapshot(`
      {
        "hint": "write it like "1.51", or unset it",
        "message": "DOCKER_API_VERSION is "new", which is no API version",
      }
    `);
    expect(await failure({ ...environment, DOCKER_API_VERSION: "1.20" })).toMatchInlineSnapshot(`
      {
        "hint": "unset DOCKER_API_VERSION",
        "message": "DOCKER_API_VERSION asks for the API 1.20, which is too old: at least 1.30 is needed",
      }
    `);
  });

  test("none, of an engine that is too old", async () => {
    const socket = await socketServer("a.sock", { api: "1.20" });
    expect(await failure({ DOCKER_HOST: `unix://${socket}` })).toMatchInlineSnapshot(`
      {
        "hint": "update the engine (17.06 was the first to do)",
        "message": "DOCKER_HOST: the API 1.20 of the engine at unix://~/a.sock is too old: at least 1.30 is needed",
      }
    `);
  });
});

describe("nobody answers", () => {
  test.each([
    ["unix:///nowhere/docker.sock"],
    ["tcp://127.0.0.1:1"],
    ["tcp://no-such-host.invalid:2375"],
    ["bogus://x"],
    ["unix://"],
    ["tcp://two words:1"],
    ["ssh://user:secret@host"],
    ["tcp://user:secret@:1"],
  ])("at %s", async (host) => expect(await failure({ DOCKER_HOST: host })).toMatchSnapshot());

  test("a context that does not exist: those that do are named", async () => {
    writeContext("prod", "unix:///x");
    expect(await failure({}, { context: "prdo" })).toMatchInlineSnapshot(`
      {
        "hint": "use one of: default, prod",
        "message": "there is no docker context "prdo"",
      }
    `);
  });

  test("a context whose file somebody broke, and one beside it", async () => {
    writeContext("prod", "unix:///x");
    writeContext("torn", "unix:///y");
    const folder = createHash("sha256").update("torn").digest("hex");
    writeFileSync(join(home, ".docker/contexts/meta", folder, "meta.json"), `{"Name":"torn",`);
    expect(await failure({}, { context: "torn" })).toMatchInlineSnapshot(`
      {
        "hint": "make it again (docker context create), or choose another one with --context",
        "message": "the docker context in ~/.docker/contexts/meta/00cc10cc5ab0a89fbf4d84a229bf234e739ba6294a832d2c042ce8d9a1949cf7/meta.json cannot be read, as it is not valid JSON",
      }
    `);
    expect(await failure({}, { context: "prdo" })).toMatchInlineSnapshot(`
      {
        "hint": "use one of: default, prod",
        "message": "there is no docker context "prdo"",
      }
    `);
  });

  test("two flags at once", async () => {
    expect(await failure({}, { context: "a", host: "b" })).toMatchInlineSnapshot(`
      {
        "hint": undefined,
        "message": "--host and --context both name an engine; give one of them",
      }
    `);
  });

  test("an abort is no failure of the engine", async () => {
    const server = createServer(() => {}); // takes the request and says nothing
    await listen(server, join(home, "slow.sock"));
    const signal = AbortSignal.timeout(50);
    await expect(info({ DOCKER_HOST: `unix://${home}/slow.sock` }, { signal })).rejects.toMatchObject({
      name: "CancelledError",
    });
    server.closeAllConnections();
  });
});

describe("TLS", () => {
  let certificates: string;
  beforeAll(() => {
    certificates = mkdtempSync(join(tmpdir(), "tscompose-tls-"));
    const openssl = (...args: string[]): void =>
      void execFileSync("openssl", args, { cwd: certificates, stdio: "ignore" });
    const subject = (name: string): string[] => ["-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`];
    openssl("req", "-x509", ...subject("ca"), "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "2");
    for (const [name, usage] of [
      ["server", "serverAuth"],
      ["client", "clientAuth"],
    ] as const) {
      writeFileSync(join(certificates, `${name}.ext`), `subjectAltName=IP:127.0.0.1\nextendedKeyUsage=${usage}\n`);
      openssl("req", ...subject(name), "-keyout", `${name}-key.pem`, "-out", `${name}.csr`);
      const signing = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "2"];
      openssl("x509", "-req", "-in", `${name}.csr`, ...signing, "-extfile", `${name}.ext`, "-out", `${name}.pem`);
    }
    for (const [from, to] of [
      ["client.pem", "cert.pem"],
      ["client-key.pem", "key.pem"],
    ] as const)
      writeFileSync(join(certificates, to), pem(from));
  });
  afterAll(() => rmSync(certificates, { recursive: true }));

  const pem = (name: string): string => readFileSync(join(certificates, name), "utf8");

  async function tlsServer(): Promise<string> {
    const options = { key: pem("server-key.pem"), cert: pem("server.pem"), ca: pem("ca.pem"), requestCert: true };
    const server = createTlsServer({ ...options, rejectUnauthorized: true }, answering());
    return `tcp://127.0.0.1:${await listen(server, undefined)}`;
  }

  test("both sides show their certificates", async () => {
    const host = await tlsServer();
    const environment = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certificates };
    expect((await info(environment)).version).toBe("28.5.2");
  });

  test("what the process's own environment says of certificates does not matter", async () => {
    const { DOCKER_HOST: host, DOCKER_CERT_PATH: folder } = process.env;
    Object.assign(process.env, { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_CERT_PATH: "/nowhere" });
    try {
      const socket = await socketServer("a.sock");
      expect((await info({ DOCKER_HOST: `unix://${socket}` })).endpoint).toBe(`unix://${socket}`);
      expect(process.env["DOCKER_HOST"]).toBe("tcp://127.0.0.1:1");
    } finally {
      for (const [name, value] of Object.entries({ DOCKER_HOST: host, DOCKER_CERT_PATH: folder }))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });

  test("a context carries its own", async () => {
    const options = { key: pem("server-key.pem"), cert: pem("server.pem") };
    const port = await listen(createTlsServer(options, answering()), undefined);
    writeContext("tls", `tcp://127.0.0.1:${port}`, { ca: pem("ca.pem") });
    expect((await info({}, { context: "tls" })).version).toBe("28.5.2");
    writeContext("unverified", `tcp://127.0.0.1:${port}`, { skip: true });
    expect((await info({}, { context: "unverified" })).version).toBe("28.5.2");
  });

  test("an authority that nobody trusts", async () => {
    const host = (await tlsServer()).replace("tcp:", "https:");
    const { message, hint } = await failure({ DOCKER_HOST: host });
    expect(message.replace(/:\d+ is/, ":PORT is")).toMatchInlineSnapshot(
      `"DOCKER_HOST: the certificate of the engine at https://127.0.0.1:PORT is not signed by an authority that you trust"`,
    );
    expect(hint).toMatchInlineSnapshot(
      `"put the authority's certificate as ca.pem into the folder that DOCKER_CERT_PATH names"`,
    );
  });

  test("an engine without TLS", async () => {
    const port = await listen(createServer(answering()), undefined);
    const environment = {
      DOCKER_HOST: `tcp://127.0.0.1:${port}`,
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: certificates,
    };
    const { message } = await failure(environment);
    expect(message.replace(`${port}`, "PORT")).toMatchInlineSnapshot(
      `"DOCKER_HOST: the engine at tcp://127.0.0.1:PORT does not speak TLS, or not with this certificate"`,
    );
  });

  test("no authority to verify with", async () => {
    const environment = { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: home };
    expect(await failure(environment)).toMatchInlineSnapshot(`
      {
        "hint": "let DOCKER_CERT_PATH name the folder that holds ca.pem, cert.pem and key.pem",
        "message": "DOCKER_TLS_VERIFY is set, but ~/ca.pem cannot be read",
      }
    `);
  });
});

describe("ssh", () => {
  const path = process.env["PATH"] ?? "";
  afterEach(() => {
    process.env["PATH"] = path;
  });

  /** Stands in for ssh: forwards the socket as asked, notes its arguments, and runs the command in a local shell. */
  function standIn(script: string): void {
    mkdirSync(join(home, "bin"));
    writeFileSync(join(home, "bin/ssh"), `#!${process.execPath}\n${script}`);
    chmodSync(join(home, "bin/ssh"), 0o755);
    process.env["PATH"] = `${join(home, "bin")}:${path}`;
  }

  const forwarding = () => `
      const { spawn } = require("node:child_process");
      const { appendFileSync } = require("node:fs");
      const net = require("node:net");
      const args = process.argv.slice(2);
      appendFileSync(${JSON.stringify(join(home, "calls"))}, args.join(" ") + "\\n");
      const [local, remote] = args[args.indexOf("-L") + 1].split(":");
      net.createServer((from) => {
        const to = net.connect(remote).on("error", () => from.destroy());
        from.on("error", () => {}).pipe(to).pipe(from);
      }).listen(local, () => {
        const shell = spawn("sh", ["-c", args.at(-1)], { stdio: ["inherit", "inherit", "inherit"] });
        shell.on("exit", () => process.exit());
      });
    `;

  test("one process for all requests, gone when we close", async () => {
    const socket = await socketServer("engine.sock");
    standIn(forwarding());
    const engine = await connect({
      environment: new Map([
        ["HOME", home],
        ["DOCKER_HOST", `ssh://me@far:2222${socket}`],
      ]),
    });
    await Promise.all(Array.from({ length: 20 }, () => engine.listContainers({ all: true })));
    await engine.close();
    const calls = readFileSync(join(home, "calls"), "utf8").trim().split("\n");
    expect(calls).toHaveLength(1);
    const [call = ""] = calls;
    expect(call.replace(/-L \S+?:/, "-L LOCAL:").replace(home, "~")).toMatchInlineSnapshot(
      `"-o ConnectTimeout=30 -o ExitOnForwardFailure=yes -T -L LOCAL:~/engine.sock -l me -p 2222 -- far echo ready && cat"`,
    );
    expect(requests).toHaveLength(21);
  });

  test("ssh works, but there is no engine behind it", async () => {
    standIn(forwarding());
    expect(await failure({ DOCKER_HOST: "ssh://far/nope.sock" })).toMatchInlineSnapshot(`
      {
        "hint": "check that the engine runs there, that you may use its socket, and that sshd allows to forward sockets",
        "message": "DOCKER_HOST: ssh reaches far, but no engine answers at /nope.sock there",
      }
    `);
  });

  test("what ssh complains about is what we say", async () => {
    standIn(`console.error("me@far: Permission denied (publickey)."); process.exit(255);`);
    expect(await failure({ DOCKER_HOST: "ssh://me@far" })).toMatchInlineSnapshot(`
      {
        "hint": ""ssh me@far" has to work by itself, and the server has to allow the forwarding of sockets",
        "message": "DOCKER_HOST: no ssh connection to me@far: me@far: Permission denied (publickey).",
      }
    `);
  });
});

describe("the engine goes away", () => {
  test("in the middle of a stream that nobody reads yet: who reads it is told, and nothing crashes", async () => {
    const server = createServer((request, response) => {
      if (request.url?.endsWith("/_ping") === true) return answering()(request, response);
      response.writeHead(200, { "Content-Type": "application/json" });
      response.write('{"Action":"start","Actor":{"ID":"1"},"timeNano":1700000000123456789}\n');
      setTimeout(() => response.destroy(), 20);
    });
    await listen(server, join(home, "a.sock"));
    const engine = await connect({ environment: new Map([["DOCKER_HOST", `unix://${home}/a.sock`]]) });
    const events = await engine.events({ project: "p" });
    await new Promise((settle) => setTimeout(settle, 60));
    const seen: bigint[] = [];
    const read = async (): Promise<void> => {
      for await (const { timeNano } of events) seen.push(timeNano);
    };
    await expect(read()).rejects.toMatchObject({ name: "EngineError", status: 0 });
    await engine.close();
  });

  test("by closing its events in good order: that is a failure, too, as nobody asked it to", async () => {
    const server = createServer((request, response) => {
      if (request.url?.endsWith("/_ping") === true) return answering()(request, response);
      response.end('{"Action":"die","Actor":{"ID":"1"},"timeNano":1700000000123456789}\n');
    });
    await listen(server, join(home, "a.sock"));
    const engine = await connect({ environment: new Map([["DOCKER_HOST", `unix://${home}/a.sock`]]) });
    const seen: bigint[] = [];
    const read = async (): Promise<void> => {
      for await (const { timeNano } of await engine.events({ project: "p" })) seen.push(timeNano);
    };
    await expect(read()).rejects.toThrow("the engine has closed its stream of events");
    expect(seen).toEqual([1_700_000_000_123_456_789n]);
    await engine.close();
  });

  test("between two calls", async () => {
    const socket = await socketServer("a.sock");
    const engine = await connect({ environment: new Map([["DOCKER_HOST", `unix://${socket}`]]) });
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((settle) => server.close(settle))));
    servers = [];
    await expect(engine.startContainer("x")).rejects.toMatchObject({
      message: `there is no engine at unix://${socket}`,
      operation: "start container",
    });
    await engine.close();
  });
});
