import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";

import type { StringMap } from "../../model/project.ts";
import type { FetchOptions } from "./fetch.ts";
import { proxyFor } from "./proxy-for.ts";
import { openTunnel, proxyHeaders } from "./tunnel.ts";

/** As `fetch` does it, redirections included; each address on the way has its own proxy, or none. */
export async function fetchOverProxy(
  address: URL,
  options: FetchOptions,
  environment: StringMap,
  redirections = 0,
): Promise<Response> {
  const proxy = proxyFor(address, environment);
  const response = proxy === undefined ? await direct(address, options) : await send(address, options, proxy);
  const location = response.headers.get("location");
  if (!redirecting.has(response.status) || location === null) return response;
  await response.body?.cancel();
  if (redirections === mostRedirections) throw new TypeError(`${address.host} redirects too often`);
  const next = new URL(location, address);
  return fetchOverProxy(
    next,
    redirected(options, response.status, next.origin === address.origin),
    environment,
    redirections + 1,
  );
}

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const mostRedirections = 20;

/** Elsewhere our credentials are nobody's business. */
function redirected(options: FetchOptions, status: number, sameOrigin: boolean): FetchOptions {
  const { body, headers = {}, method = "GET", ...rest } = options;
  const kept = Object.entries(headers).filter(([name]) => sameOrigin || name.toLowerCase() !== "authorization");
  const onlyLooks = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
  return {
    ...rest,
    headers: Object.fromEntries(kept),
    method: onlyLooks ? "GET" : method,
    ...(body !== undefined && !onlyLooks && { body }),
  };
}

function direct(address: URL, options: FetchOptions): Promise<Response> {
  return fetch(address, { ...options, redirect: "manual" });
}

/** What fails on the way is a TypeError with its cause, as with `fetch`. */
async function send(address: URL, options: FetchOptions, proxy: URL): Promise<Response> {
  try {
    return await respond(await open(address, options, proxy), options, address);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    if (error instanceof Error) error.message += ` (over the proxy ${proxy.host})`;
    throw new TypeError("fetch failed", { cause: error });
  }
}

/** Behind a tunnel where there is TLS to be spoken; else the proxy itself is asked for the whole address. */
async function open(address: URL, { method = "GET", headers = {}, body, signal }: FetchOptions, proxy: URL) {
  const form = body instanceof URLSearchParams ? { "content-type": "application/x-www-form-urlencoded" } : {};
  const content = body instanceof URLSearchParams ? body.toString() : body;
  const length = content === undefined ? {} : { "content-length": String(Buffer.byteLength(content)) };
  const common = { method, ...(signal !== undefined && { signal }) };
  const all = { ...form, ...headers, ...length };
  if (address.protocol === "https:") {
    const socket = await openTunnel(address, proxy, signal);
    // The tunnel is for this request only. With an agent, Node would make a connection of its own.
    return https.request(address, {
      ...common,
      headers: { ...all, connection: "close" },
      defaultPort: 443,
      createConnection: () => socket,
    });
  }
  const way = proxy.protocol === "https:" ? https : http;
  const whole = { ...all, host: address.host, ...proxyHeaders(proxy), connection: "close" };
  return way.request(proxy, { ...common, auth: null, path: address.href, headers: whole, agent: false });
}

function respond(request: http.ClientRequest, { body, method }: FetchOptions, address: URL): Promise<Response> {
  return new Promise((settle, fail) => {
    request.on("error", fail);
    request.on("response", (message) => {
      const status = message.statusCode ?? 0;
      const headers = new Headers();
      for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
        headers.append(message.rawHeaders[at] ?? "", message.rawHeaders[at + 1] ?? "");
      }
      const empty = method === "HEAD" || [101, 204, 205, 304].includes(status);
      if (empty) message.resume();
      const response = new Response(empty ? null : Readable.toWeb(message), { status, headers });
      settle(Object.defineProperty(response, "url", { value: address.href }));
    });
    request.end(body instanceof URLSearchParams ? body.toString() : body);
  });
}
