import http from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import tls from "node:tls";

/** A connection through the proxy to the address, with the address's own TLS on it: the proxy sees none of what is said. */
export async function openTunnel(address: URL, proxy: URL, signal: AbortSignal | undefined): Promise<tls.TLSSocket> {
  const host = address.hostname.replace(/^\[|\]$/g, "");
  const socket = await connected(`${address.hostname}:${address.port || "443"}`, proxy, signal);
  return tls.connect({ socket, ALPNProtocols: ["http/1.1"], host, ...(isIP(host) === 0 && { servername: host }) });
}

/** Name and password, as they stand in the proxy's address. */
export function proxyHeaders({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

function connected(target: string, proxy: URL, signal: AbortSignal | undefined): Promise<Socket> {
  const request = (proxy.protocol === "https:" ? https : http).request(proxy, {
    method: "CONNECT",
    auth: null,
    path: target,
    headers: { host: target, ...proxyHeaders(proxy) },
    agent: false,
    ...(signal !== undefined && { signal }),
  });
  return new Promise((settle, fail) => {
    request.on("error", fail);
    request.on("connect", ({ statusCode = 0, statusMessage = "" }, socket) => {
      if (statusCode === 200) return settle(socket);
      socket.destroy();
      fail(new Error(`the proxy does not lead to ${target}: ${statusCode} ${statusMessage}`.trim()));
    });
    request.end();
  });
}
