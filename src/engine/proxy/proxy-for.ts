import { BlockList, isIP } from "node:net";

import type { StringMap } from "../../model/project.ts";

/**
 * The proxy that the environment names for an address; undefined: none. The rules are those that docker's own programs
 * follow: HTTP_PROXY and HTTPS_PROXY by the address's scheme, NO_PROXY, and never for this machine itself.
 */
export function proxyFor(address: URL, environment: StringMap): URL | undefined {
  const secure = address.protocol === "https:";
  // A web server puts a visitor's header "Proxy" into HTTP_PROXY of the programs that it starts.
  const untrusted = !secure && environment.has("REQUEST_METHOD");
  const given = untrusted ? undefined : setting(environment, secure ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (given === undefined || !mayUseProxy(address, setting(environment, "NO_PROXY") ?? "")) return undefined;
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  const reason =
    proxy === undefined ? "is not an address" : `names a ${proxy.protocol.slice(0, -1)} proxy, not an HTTP one`;
  throw new TypeError("fetch failed", { cause: new Error(`${secure ? "HTTPS_PROXY" : "HTTP_PROXY"} ${reason}`) });
}

/** Whether any address may have to go over a proxy. */
export function namesProxy(environment: StringMap): boolean {
  return setting(environment, "HTTPS_PROXY") !== undefined || setting(environment, "HTTP_PROXY") !== undefined;
}

function setting(environment: StringMap, name: string): string | undefined {
  return environment.get(name) || environment.get(name.toLowerCase()) || undefined;
}

function mayUseProxy(address: URL, exceptions: string): boolean {
  const host = hostOf(address);
  if (host === "localhost" || host.startsWith("127.") || host === "::1") return false;
  const port = address.port || (address.protocol === "https:" ? "443" : "80");
  return !exceptions.split(",").some((each) => excepts(each.trim().toLowerCase(), host, port));
}

/** "10.1.0.0/16", "10.1.2.3", "example.com" with all below it, ".example.com" without itself; each may name a port. */
function excepts(exception: string, host: string, port: string): boolean {
  if (exception === "" || exception === "*") return exception === "*";
  if (exception.includes("/")) return isIP(host) !== 0 && inSubnet(exception, host);
  const [, name = exception, onlyPort] = /^(.+?|\[.+\]):(\d+)$/.exec(isIP(exception) === 0 ? exception : "") ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const plain = name.replace(/^\[|\]$/g, "");
  if (isIP(plain) !== 0) return plain === host;
  const below = plain.replace(/^\*\./, ".");
  return below.startsWith(".") ? host.endsWith(below) : host === below || host.endsWith(`.${below}`);
}

function inSubnet(subnet: string, host: string): boolean {
  const [network = "", bits = ""] = subnet.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  const most = family === "ipv6" ? 128 : 32;
  if (isIP(network) === 0 || !/^\d+$/.test(bits) || Number(bits) > most) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
}

function hostOf({ hostname }: URL): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}
