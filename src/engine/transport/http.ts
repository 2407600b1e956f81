import { Agent as HttpAgent } from "node:http";
import { inspect } from "node:util";

import type DockerModem from "docker-modem";
import type { DockerOptions } from "dockerode";

import { EngineError } from "../../model/error.ts";
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
  try {
    const options = { ...address(endpoint), agent };
    const { modem } = new Docker(options);
    return { modem, close: () => agent.destroy() };
  } catch (cause) {
    // The modem reads DOCKER_HOST and DOCKER_CERT_PATH even when it is told everything.
    throw new EngineError("DOCKER_HOST or DOCKER_CERT_PATH in the environment cannot be used", {
      status: 0,
      operation: "find engine",
      resource: "engine",
      hint: "correct or unset them",
      cause,
    });
  }
}

async function agentFor(endpoint: Exclude<Endpoint, { kind: "ssh" }>): Promise<HttpAgent> {
  const tls = endpoint.kind === "tcp" ? endpoint.tls : undefined;
  if (tls === undefined) return new HttpAgent(kept);
  const { Agent: HttpsAgent } = await import("node:https");
  return new HttpsAgent({ ...kept, ...tlsOptions(tls) });
}

const kept = { keepAlive: true };

function tlsOptions(tls: TlsMaterial): { ca?: string; cert?: string; key?: string; rejectUnauthorized: boolean } {
  return {
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.cert !== undefined && { cert: tls.cert }),
    ...(tls.key !== undefined && { key: tls.key }),
    rejectUnauthorized: tls.verify,
  };
}

/** What is absent is said to be: the modem would take it from the environment. */
const nowhere = { host: undefined, port: undefined, socketPath: undefined, ca: undefined, cert: undefined } as const;

function address(endpoint: Exclude<Endpoint, { kind: "ssh" }>): DockerOptions {
  if (endpoint.kind === "socket") return { ...nowhere, key: undefined, socketPath: endpoint.path, protocol: "http" };
  const protocol = endpoint.tls === undefined ? "http" : "https";
  return { ...nowhere, key: undefined, host: endpoint.host, port: endpoint.port, protocol };
}
