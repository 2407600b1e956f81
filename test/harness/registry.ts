// A registry on loopback, which engines use without TLS: real pulls and pushes without a network.
import { execFile, spawn } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { freePort } from "./ports.ts";
import { openTokenServer } from "./token-server.ts";

const exec = promisify(execFile);

export interface Registry extends AsyncDisposable {
  /** "127.0.0.1:43210": images are called `${address}/name:tag`. */
  readonly address: string;
  /** The file of its certificate, where it has one. */
  readonly certificate: string;
  /** Who asked its token server, and how. */
  readonly tokensAsked: readonly string[];
}

/** Whom a registry that asks for a login lets in; the identity token only where a token server asks. */
export const registryLogin = { username: "tester", password: "secret", identityToken: "refresh-7f3a" } as const;
const htpasswd = "tester:$2b$05$IqTYSzoDbwWSDiJ1aZ1OQ.504HwLriAYKKhYmA2eukXqo6uiX7FTG\n";

export interface RegistryOptions {
  /** How it asks for a login: itself, or by sending to a token server. Absent: it does not. */
  readonly login?: "basic" | "token";
  /** With a certificate of its own: docker compose itself speaks to no other, not even on loopback. */
  readonly tls?: boolean;
}

export async function openRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const program = await registryProgram();
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const registry = await startRegistry(program, options);
    if (registry !== undefined) return registry;
  }
  throw new Error("no registry could be started");
}

/** Undefined: somebody else was faster to take the port. */
async function startRegistry(program: string, { login, tls = false }: RegistryOptions): Promise<Registry | undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const tokens = login === "token" ? await openTokenServer(folder, registryLogin) : undefined;
  await writeFile(path.join(folder, "htpasswd"), htpasswd);
  const basic = login === "basic" ? `auth: { htpasswd: { realm: test, path: ${folder}/htpasswd } }\n` : "";
  const certificate = path.join(folder, "tls.pem");
  if (tls) await makeCertificate(certificate);
  await writeFile(
    path.join(folder, "config.yml"),
    configuration(
      { folder, address, certificate: tls ? certificate : undefined },
      `${basic}${tokens?.configuration ?? ""}`,
    ),
  );
  const child = spawn(program, ["serve", path.join(folder, "config.yml")], { stdio: "ignore" });
  const ended = new Promise<false>((resolve) => child.on("close", () => resolve(false)));
  const registry: Registry = {
    address,
    certificate,
    tokensAsked: tokens?.asked ?? [],
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await tokens?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (await Promise.race([ended, untilItAnswers(address)])) return registry;
  await registry[Symbol.asyncDispose]();
  return undefined;
}

interface Place {
  readonly folder: string;
  readonly address: string;
  readonly certificate: string | undefined;
}

function configuration({ folder, address, certificate }: Place, auth: string): string {
  const tls = certificate === undefined ? "" : `, tls: { certificate: "${certificate}", key: "${certificate}.key" }`;
  return `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }
http: { addr: "${address}"${tls} }
${auth}`;
}

async function makeCertificate(file: string): Promise<void> {
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:registry.example"];
  const files = ["-keyout", `${file}.key`, "-out", file];
  await exec("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...names, ...files]);
}

/** Debian's docker-registry; unpacked, not installed, as the package would start a service. */
async function registryProgram(): Promise<string> {
  const folder = path.join(os.tmpdir(), "tscompose-test-registry");
  const candidates = ["/usr/bin/docker-registry", path.join(folder, "usr/bin/docker-registry")];
  for (const program of candidates) {
    if (
      await access(program).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  const scratch = await mkdtemp(`${folder}-`);
  try {
    await exec("apt-get", ["download", "-qq", "-o", "Acquire::Retries=3", "docker-registry"], { cwd: scratch });
  } catch (error) {
    throw new Error("these tests need a registry: install the package docker-registry", { cause: error });
  }
  const [deb = ""] = (await readdir(scratch)).filter((name) => name.endsWith(".deb"));
  await exec("dpkg-deb", ["-x", deb, "unpacked"], { cwd: scratch });
  await mkdir(folder, { recursive: true });
  await rename(path.join(scratch, "unpacked/usr"), path.join(folder, "usr")).catch(() => undefined); // another worker was first
  await rm(scratch, { recursive: true, force: true });
  return path.join(folder, "usr/bin/docker-registry");
}

async function untilItAnswers(address: string): Promise<true> {
  for (const end = Date.now() + 40_000; Date.now() < end; await sleep(30)) {
    if (await answers(address)) return true;
  }
  throw new Error(`the registry on ${address} did not start`);
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(`http://${address}/v2/`, (response) => {
      response.resume();
      resolve(true);
    });
    request.on("error", () => resolve(false));
  });
}
