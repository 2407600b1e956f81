import { Agent as HttpAgent } from "node:http";
import { inspect } from "node:util";

import type DockerModem from "docker-modem";
import type { DockerOptions } from "dockerode";

import type { Endpoint, TlsMaterial } from "../find/endpoint.ts";

export interface Transport {
  readonly modem: DockerModem;
  close(): void;
}

/** Opens nothing yet: connections are made by requests, kept alive, and shared. */
export async function httpTransport(endpoint: Exclude<Endpoint, { kind: "ssh" }>): Promise<Transport> {
  // Loaded only now: most of dockerode's weight is of no use before there is somebody to talk to.
  const { default: Docker } = await import("dockerode");
  const agent = await agentFor(endpoint);
  // The modem describes every request for its debug log, connections and all, unless the agent has a short answer.
  Object.defineProperty(agent, inspect.custom, { value: () => "connections" });
  const options = { ...address(endpoint), agent };
  const { modem } = withoutDockerHost(() => new Docker(options));
  refuseRedirects(modem);
  return { modem, close: () => agent.destroy() };
}

/** An engine sends nobody elsewhere; the modem would go along, and nobody hears when nobody is there. */
function refuseRedirects(modem: DockerModem): void {
  const build = modem["buildRequest"].bind(modem);
  modem["buildRequest"] = (options, ...rest) => build(Object.assign(options, { maxRedirects: 0 }), ...rest);
}

/**
 * The modem reads DOCKER_HOST, and certificates that it may name, even when it is told everything; and fails if they are
 * not as it likes them. We have read them by the docker CLI's rules. Nothing can happen in between: this is synchronous.
 */
function withoutDockerHost<T>(make: () => T): T {
  const { DOCKER_HOST: host } = process.env;
  delete process.env["DOCKER_HOST"];
  try {
    return make();
  } finally {
    if (host !== undefined) process.env["DOCKER_HOST"] = host;
  }
}

async function agentFor(endpoint: Exclude<Endpoint, { kind: "ssh" }>): Promise<HttpAgent> {
  const tls = endpoint.kind === "tcp" ? endpoint.tls : undefined;
  // A server name is for TLS only; left to itself Node looks for one, and compiles a large pattern for that.
  if (tls === undefined) return new HttpAgent({ ...kept, ...noServerName });
  const { Agent: HttpsAgent } = await import("node:https");
  return new HttpsAgent({ ...kept, ...tlsOptions(tls) });
}

const kept = { keepAlive: true };
const noServerName = { servername: "" };

function tlsOptions(tls: TlsMaterial): { ca?: string; cert?: string; key?: string; rejectUnauthorized: boolean } {
  return {
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.cert !== undefined && { cert: tls.cert }),
    ...(tls.key !== undefined && { key: tls.key }),
    rejectUnauthorized: tls.verify,
  };
}

function address(endpoint: Exclude<Endpoint, { kind: "ssh" }>): DockerOptions {
  if (endpoint.kind === "socket") return { socketPath: endpoint.path, protocol: "http" };
  const protocol = endpoint.tls === undefined ? "http" : "https";
  return { host: endpoint.host, port: endpoint.port, protocol };
}
