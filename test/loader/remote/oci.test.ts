import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { openRegistry } from "../../../src/loader/remote/registry.ts";
import { fetchRemote } from "../../../src/loader/remote/remote.ts";
import { CancelledError } from "../../../src/model/error.ts";

/** A registry of a few blobs in memory, speaking the distribution API, with the kinds of log-in that registries ask for. */
let folder: string;
let server: Server;
let port: number;
let login: "none" | "basic" | "token";
const blobs = new Map<string, string>();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tscompose-oci-"));
  login = "none";
  blobs.clear();
  server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const basic = `Basic ${Buffer.from("me:secret").toString("base64")}`;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { authorization } = request.headers;
  const url = request.url ?? "";
  if (url.startsWith("/token")) {
    response.statusCode = authorization === basic && url.includes("scope=repository%3Ateam%2Fstack%3Apull") ? 200 : 401;
    return void response.end(JSON.stringify({ token: "t0k" }));
  }
  if (login !== "none" && authorization !== (login === "basic" ? basic : "Bearer t0k")) {
    const challenge =
      login === "basic"
        ? 'Basic realm="x"'
        : `Bearer realm="http://127.0.0.1:${port}/token",service="s",scope="repository:team/stack:pull"`;
    return void response.writeHead(401, { "www-authenticate": challenge }).end();
  }
  const content = blobs.get(url.split("/").at(-1) ?? "");
  if (content === undefined) return void response.writeHead(404).end();
  response
    .writeHead(200, { "docker-content-digest": digestOf(content) })
    .end(request.method === "HEAD" ? undefined : content);
}

const digestOf = (content: string): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

function publish(
  files: readonly { readonly content: string; readonly annotations: Record<string, string>; readonly env?: boolean }[],
  artifactType = "application/vnd.docker.compose.project",
): void {
  const layers = files.map(({ content, annotations, env }) => {
    blobs.set(digestOf(content), content);
    const mediaType =
      env === true ? "application/vnd.docker.compose.envfile" : "application/vnd.docker.compose.file+yaml";
    return { mediaType, digest: digestOf(content), size: content.length, annotations };
  });
  blobs.set("v1", JSON.stringify({ schemaVersion: 2, artifactType, layers }));
}

const options = () => ({
  environment: new Map([["XDG_CACHE_HOME", join(folder, "cache")]]),
  registry: { credentials: async () => ({ username: "me", password: "secret" }) },
});
const reference = (): string => `oci://127.0.0.1:${port}/team/stack:v1`;

describe("oci references", () => {
  test("compose files become documents of one, extended files and env files lie beside it", async () => {
    publish([
      { content: "name: a\n", annotations: { "com.docker.compose.file": "compose.yaml" } },
      { content: "services: {}\n", annotations: { "com.docker.compose.file": "over.yaml" } },
      {
        content: "services: {b: {}}\n",
        annotations: { "com.docker.compose.file": "0f.yaml", "com.docker.compose.extends": "true" },
      },
      { content: "A=1\n", annotations: { "com.docker.compose.envfile": "1f.env" }, env: true },
    ]);
    const found = await fetchRemote(reference(), options());
    expect(readFileSync(found.path, "utf8")).toBe("name: a\n\n---\nservices: {}\n");
    expect(readFileSync(join(dirname(found.path), "0f.yaml"), "utf8")).toBe("services: {b: {}}\n");
    expect(readFileSync(join(found.workingDir, "1f.env"), "utf8")).toBe("A=1\n");
  });

  test.each(["basic", "token"] as const)("logs in with %s", async (kind) => {
    login = kind;
    publish([{ content: "name: a\n", annotations: {} }]);
    expect(readFileSync((await fetchRemote(reference(), options())).path, "utf8")).toBe("name: a\n");
    const nobody = { ...options(), registry: { credentials: async () => undefined } };
    await expect(fetchRemote(`${reference().replace(":v1", "")}:v1`, nobody)).rejects.toThrow(
      /does not let you read|lets nobody in without a login/,
    );
  });

  test("images, missing tags and unsafe names are told apart", async () => {
    publish([], "");
    await expect(fetchRemote(reference(), options())).rejects.toThrow("is not a published compose project");
    await expect(fetchRemote(reference().replace("v1", "v2"), options())).rejects.toThrow(
      "was not found in the registry",
    );
    publish([{ content: "x", annotations: { "com.docker.compose.envfile": "../../evil" }, env: true }]);
    await expect(fetchRemote(reference(), options())).rejects.toThrow('unsafe name "../../evil"');
    expect(existsSync(join(folder, "evil"))).toBe(false);
    await expect(fetchRemote("oci://127.0.0.1:1/x", options())).rejects.toThrow("cannot be reached");
  });

  test("what came damaged is not taken, and not kept", async () => {
    publish([{ content: "name: a\n", annotations: {} }]);
    blobs.set(digestOf("name: a\n"), "name: b\n");
    await expect(fetchRemote(reference(), options())).rejects.toThrow("came damaged");
    blobs.set(digestOf("name: a\n"), "name: a\n");
    expect(readFileSync((await fetchRemote(reference(), options())).path, "utf8")).toBe("name: a\n");
    const other = reference().replace(":v1", `@sha256:${"0".repeat(64)}`);
    blobs.set(`sha256:${"0".repeat(64)}`, blobs.get("v1") ?? "");
    await expect(fetchRemote(other, options())).rejects.toThrow("came damaged");
  });

  test("a tag's digest is told without reading the image", async () => {
    publish([]);
    const registry = openRegistry(options().registry);
    expect(await registry.digest({ domain: `127.0.0.1:${port}`, path: "team/stack" }, "v1")).toBe(
      digestOf(blobs.get("v1") ?? ""),
    );
  });

  test("what answers everything with a page of its own is no registry", async () => {
    server.removeAllListeners("request").on("request", (_, response: ServerResponse) => response.end("<html>log in"));
    await expect(fetchRemote(reference(), options())).rejects.toThrow(
      `127.0.0.1:${port} does not answer as a registry does`,
    );
  });

  test("a read that is cancelled while the registry thinks rejects as everything cancelled does", async () => {
    const cancel = new AbortController();
    server.removeAllListeners("request").on("request", () => cancel.abort());
    await expect(fetchRemote(reference(), { ...options(), signal: cancel.signal })).rejects.toThrow(CancelledError);
  });
});
