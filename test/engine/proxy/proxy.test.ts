// Registries and token servers behind a proxy. Their names exist for the proxy only: nothing gets there another way.
import http from "node:http";
import type { AddressInfo } from "node:net";

import { describe, expect, test } from "vitest";

import { fetchToken } from "../../../src/engine/buildkit/registry-token.ts";
import { fetchWith } from "../../../src/engine/proxy/fetch.ts";
import { openProject } from "../../harness/project.ts";
import { openRegistry } from "../../harness/registry.ts";
import { openWebProxy } from "../../harness/web-proxy.ts";

const file = { "compose.yaml": "services: { app: { image: alpine } }" };

describe("a registry behind a proxy", () => {
  test("by TLS: the proxy sees a name, and nothing of what is said", async () => {
    await using registry = await openRegistry({ tls: true });
    await using proxy = await openWebProxy({ target: registry.address, login: "user:password" });
    await using project = await openProject(file);
    const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: registry.certificate };
    const published = await project.runWith({ env }, "publish", "-y", "registry.example/team/stack:1");
    expect(published).toMatchObject({ code: 0, stderr: expect.not.stringContaining("rror") });
    const read = await project.runWith({ env }, "-f", "oci://registry.example/team/stack:1", "config", "--images");
    expect(read).toMatchObject({ code: 0, stdout: "alpine\n" });
    expect(new Set(proxy.asked)).toEqual(new Set(["CONNECT registry.example:443"]));
  });

  test("without TLS: the proxy is asked for whole addresses", async () => {
    await using registry = await openRegistry();
    await using proxy = await openWebProxy({ target: registry.address });
    await using project = await openProject(file);
    const env = { http_proxy: proxy.url };
    const insecure = ["--insecure-registry", "registry.example:5000"];
    const reference = "registry.example:5000/team/stack:1";
    expect(await project.runWith({ env }, ...insecure, "publish", "-y", reference)).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining("rror"),
    });
    const read = await project.runWith({ env }, ...insecure, "-f", `oci://${reference}`, "config", "--images");
    expect(read).toMatchObject({ code: 0, stdout: "alpine\n" });
    expect(proxy.asked).toContain("GET http://registry.example:5000/v2/team/stack/manifests/1");
  });

  test("what the proxy does not allow is said, and its password is not", async () => {
    await using proxy = await openWebProxy({ target: "127.0.0.1:1", login: "user:right" });
    await using project = await openProject(file);
    const env = { HTTPS_PROXY: proxy.url.replace("right", "wrong") };
    const { code, stderr } = await project.runWith({ env }, "-f", "oci://registry.example/team/stack:1", "config");
    expect(code).toBe(1);
    expect(stderr).toContain(
      `the registry registry.example cannot be reached: the proxy does not lead to registry.example:443: 407 Proxy Authentication Required (over the proxy ${new URL(proxy.url).host})`,
    );
    expect(stderr).not.toContain("wrong");
    const other = await project.runWith(
      { env: { HTTPS_PROXY: "socks5://localhost" } },
      "-f",
      "oci://a.example/b",
      "config",
    );
    expect(other.stderr).toContain("HTTPS_PROXY names a socks5 proxy, not an HTTP one");
  });
});

test("a build's token comes over the proxy, too; credentials do not follow a redirection elsewhere", async () => {
  const seen: (readonly [string, string | undefined])[] = [];
  const server = http.createServer(({ headers, method }, response) => {
    seen.push([`${method ?? ""} ${headers.host ?? ""}`, headers.authorization]);
    if (method === "POST") return void response.writeHead(404).end();
    if (headers.host === "auth.example")
      return void response.writeHead(307, { location: "http://moved.example/t" }).end();
    response.end(JSON.stringify({ token: "t0k" }));
  });
  await new Promise<void>((settle) => void server.listen(0, "127.0.0.1", settle));
  try {
    await using proxy = await openWebProxy({ target: `127.0.0.1:${(server.address() as AddressInfo).port}` });
    const token = await fetchToken({
      clientId: "",
      realm: "http://auth.example/token",
      service: "s",
      scopes: ["repository:a:pull"],
      auth: { username: "me", password: "secret", serveraddress: "a.example" },
      fetch: fetchWith(new Map([["HTTP_PROXY", proxy.url]])),
    });
    expect(token.token).toBe("t0k");
    const login = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    expect(seen).toEqual([
      ["POST auth.example", undefined],
      ["GET auth.example", login],
      ["GET moved.example", undefined],
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
