import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { credentialsFor, registryAuthHeader, registryConfigHeader, registryOf } from "../../src/engine/auth.ts";
import { readDockerConfig } from "../../src/engine/docker-config.ts";

let folder: string;
const path = process.env["PATH"];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tscompose-auth-"));
  process.env["PATH"] = folder + delimiter + path;
});
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

function config(content: object, more: Record<string, string> = {}): ReturnType<typeof readDockerConfig> {
  writeFileSync(join(folder, "config.json"), JSON.stringify(content));
  return readDockerConfig(new Map(Object.entries({ DOCKER_CONFIG: folder, ...more })));
}

function helper(name: string, script: string): void {
  writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\nread registry\n${script}\n`);
  chmodSync(join(folder, `docker-credential-${name}`), 0o755);
}

const pair = (text: string): string => Buffer.from(text).toString("base64");

test.each([
  ["busybox", "https://index.docker.io/v1/"],
  ["library/busybox:1", "https://index.docker.io/v1/"],
  ["docker.io/library/busybox", "https://index.docker.io/v1/"],
  ["localhost/x", "localhost"],
  ["localhost:5000/x:tag", "localhost:5000"],
  ["ghcr.io/a/b@sha256:00", "ghcr.io"],
  ["example:tag", "https://index.docker.io/v1/"],
])("registry of %s is %s", (image, registry) => expect(registryOf(image)).toBe(registry));

describe("credentials", () => {
  test("come from the file, whatever form its key has", async () => {
    const known = config({ auths: { "https://reg.example/v2/": { auth: pair("me:pa:ss") } } });
    expect(await credentialsFor("reg.example", known)).toEqual({
      username: "me",
      password: "pa:ss",
      serveraddress: "reg.example",
    });
    expect(await credentialsFor("other.example", known)).toBeUndefined();
  });

  test("identity tokens go without user and password", async () => {
    const known = config({ auths: { "reg.example": { auth: pair("me:x"), identitytoken: "tok" } } });
    expect(await credentialsFor("reg.example", known)).toEqual({ identitytoken: "tok", serveraddress: "reg.example" });
  });

  test("a helper of the registry wins over the store, the store over the file", async () => {
    helper("one", `echo '{"Username":"helper","Secret":"s1"}'`);
    helper("all", `echo "{\\"Username\\":\\"store\\",\\"Secret\\":\\"$registry\\"}"`);
    const known = config({
      auths: { "a.example": { auth: pair("file:x") } },
      credHelpers: { "b.example": "one" },
      credsStore: "all",
    });
    expect((await credentialsFor("b.example", known))?.username).toBe("helper");
    expect(await credentialsFor("a.example", known)).toEqual({
      username: "store",
      password: "a.example",
      serveraddress: "a.example",
    });
  });

  test("a store that knows nothing leaves the word to the file; <token> is an identity token", async () => {
    helper("none", `echo "credentials not found in native keychain"; exit 1`);
    helper("tok", `echo '{"Username":"<token>","Secret":"id"}'`);
    const known = config({
      auths: { "a.example": { auth: pair("file:x") } },
      credsStore: "none",
      credHelpers: { "t.example": "tok" },
    });
    expect((await credentialsFor("a.example", known))?.username).toBe("file");
    expect(await credentialsFor("t.example", known)).toEqual({ identitytoken: "id", serveraddress: "t.example" });
  });

  test("a broken or missing helper is named, its output is not shown", async () => {
    helper("bad", `echo "secret stuff"; exit 3`);
    const bad = config({ credsStore: "bad" });
    await expect(credentialsFor("a.example", bad)).rejects.toThrow("docker-credential-bad failed with exit code 3");
    const missing = config({ credsStore: "nowhere" });
    await expect(credentialsFor("a.example", missing)).rejects.toThrow("docker-credential-nowhere cannot be run");
  });

  test("DOCKER_CONFIG that is set to nothing is not the folder that we are in", () => {
    const found = readDockerConfig(
      new Map([
        ["DOCKER_CONFIG", ""],
        ["HOME", "/home/me"],
      ]),
    );
    expect(found.folder).toBe("/home/me/.docker");
  });

  test.each(["secret stuff", `"secret stuff"}`, "null", ""])("a helper that answers %j is named", async (answer) => {
    helper("odd", `cat <<'EOF'\n${answer}\nEOF`);
    const asked = credentialsFor("a.example", config({ credsStore: "odd" }));
    await expect(asked).rejects.toMatchObject({
      name: "EngineError",
      message: "docker-credential-odd gave an answer that is no JSON object",
      // The parser's error quotes what it read.
      cause: undefined,
    });
  });

  test("DOCKER_AUTH_CONFIG stands over the file, and a broken file is no obstacle", async () => {
    const variable = JSON.stringify({ auths: { "a.example": { auth: pair("env:x") } } });
    const known = config({ auths: { "a.example": { auth: pair("file:x") } } }, { DOCKER_AUTH_CONFIG: variable });
    expect((await credentialsFor("a.example", known))?.username).toBe("env");
    writeFileSync(join(folder, "config.json"), "{ not json");
    expect(readDockerConfig(new Map([["DOCKER_CONFIG", folder]])).auths.size).toBe(0);
  });

  test("headers are URL-safe base64 of JSON", async () => {
    const known = config({ auths: { "a.example": { auth: pair("me:~~~???") } } });
    const { header } = await registryAuthHeader("a.example/x", known);
    expect(header).not.toMatch(/[+/]/);
    // The engine takes an unpadded text for no credentials at all.
    expect(header.length % 4).toBe(0);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ username: "me" });
    const unknown = await registryAuthHeader("busybox", known);
    expect([Buffer.from(unknown.header, "base64url").toString(), unknown.loggedIn]).toEqual(["{}", false]);
    expect(Object.keys(JSON.parse(Buffer.from(await registryConfigHeader(known), "base64url").toString()))).toEqual([
      "a.example",
    ]);
  });
});
