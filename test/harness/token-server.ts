// What stands in front of large registries: a server that turns a login into a signed, short-lived token for one scope.
import { execFile } from "node:child_process";
import { type KeyObject, createPrivateKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

export interface TokenServer extends AsyncDisposable {
  /** What the registry's configuration has to say for it to trust the server's tokens. */
  readonly configuration: string;
  /** "POST refresh_token", "GET tester", "GET nobody": who asked, and how; never with what secret. */
  readonly asked: readonly string[];
}

export interface TokenLogin {
  readonly username: string;
  readonly password: string;
  /** What `docker login` keeps instead of the password where a registry hands it out. */
  readonly identityToken: string;
}

const issuer = "test-issuer";
const service = "test-service";

/** Who logs in may do all; who does not may only pull from repositories whose names begin with "public/". */
export async function openTokenServer(folder: string, login: TokenLogin): Promise<TokenServer> {
  const certificate = path.join(folder, "token.pem");
  const keyFile = path.join(folder, "token-key.pem");
  const subject = ["-subj", "/CN=test-issuer", "-days", "2", "-keyout", keyFile, "-out", certificate];
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject]);
  const key = createPrivateKey(await readFile(keyFile));
  const chain = (await readFile(certificate, "utf8")).replaceAll(/-----[^-]+-----|\s/g, "");
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    void answer(request, login).then(({ who, scopes, username }) => {
      asked.push(who);
      if (username === "refused") return response.writeHead(401).end('{"details":"incorrect username or password"}');
      const token = tokenFor(scopes, username, { key, chain });
      const body = { token, access_token: token, expires_in: 300 };
      return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return {
    asked,
    configuration: `auth: { token: { realm: "${realm}", service: ${service}, issuer: ${issuer}, rootcertbundle: "${certificate}" } }\n`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  readonly who: string;
  readonly scopes: readonly string[];
  /** "refused": a login, but none that is known. */
  readonly username: string | undefined;
}

async function answer(request: http.IncomingMessage, login: TokenLogin): Promise<Asked> {
  const url = new URL(request.url ?? "", "http://token");
  if (request.method === "POST") {
    const form = new URLSearchParams(await bodyOf(request));
    const grant = form.get("grant_type") ?? "";
    const scopes = (form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    const byToken = grant === "refresh_token" && form.get("refresh_token") === login.identityToken;
    const byPassword = form.get("username") === login.username && form.get("password") === login.password;
    return { who: `POST ${grant}`, scopes, username: byToken || byPassword ? login.username : "refused" };
  }
  const scopes = url.searchParams.getAll("scope");
  const { authorization } = request.headers;
  if (authorization === undefined) return { who: "GET nobody", scopes, username: undefined };
  const pair = Buffer.from(authorization.replace(/^Basic /, ""), "base64").toString("utf8");
  const right = pair === `${login.username}:${login.password}`;
  return { who: `GET ${pair.split(":")[0] ?? ""}`, scopes, username: right ? login.username : "refused" };
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}

function tokenFor(
  scopes: readonly string[],
  username: string | undefined,
  { key, chain }: { readonly key: KeyObject; readonly chain: string },
): string {
  const access = scopes.flatMap((scope) => {
    const match = /^(\w+):(.+):([^:]+)$/.exec(scope);
    if (match === null) return [];
    const [, type, name = "", actions = ""] = match;
    const wanted = actions.split(",");
    const granted =
      username !== undefined ? wanted : wanted.filter((each) => each === "pull" && name.startsWith("public/"));
    return [{ type, name, actions: granted }];
  });
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: service, sub: username ?? "", jti: String(now), access };
  const times = { iat: now, nbf: now - 10, exp: now + 300 };
  const signed = [
    { typ: "JWT", alg: "RS256", x5c: [chain] },
    { ...claims, ...times },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}
