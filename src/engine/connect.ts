import { EngineError } from "../model/error.ts";
import type { StringMap } from "../model/project.ts";
import { type DockerConfig, readDockerConfig } from "./docker-config.ts";
import { dockerEngine } from "./docker.ts";
import type { Engine } from "./engine.ts";
import { type Candidate, type Endpoint, parseEndpoint } from "./find/endpoint.ts";
import { findEngine } from "./find/find-engine.ts";
import { negotiate } from "./negotiate.ts";
import { openClient } from "./transport/client.ts";
import { httpTransport } from "./transport/http.ts";

export interface ConnectOptions {
  readonly environment: StringMap;
  /** --host and --context, at most one of them. */
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds the engine, asks it once (HEAD /_ping) what it can do, and speaks the newest API that both know. */
export async function connect(options: ConnectOptions): Promise<Engine> {
  const config = readDockerConfig(options.environment);
  const candidates = await findEngine({ ...options, config });
  const failures: EngineError[] = [];
  for (const candidate of candidates) {
    try {
      return await connectTo(candidate, options, config);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      failures.push(error);
    }
  }
  throw noEngine(candidates, failures);
}

async function connectTo(candidate: Candidate, options: ConnectOptions, config: DockerConfig): Promise<Engine> {
  const endpoint = parseEndpoint(candidate);
  const tunnel = endpoint.kind === "ssh" ? await tunnelTo(endpoint, options.signal) : undefined;
  const close = async (): Promise<void> => tunnel?.close();
  try {
    const transport = await httpTransport(endpoint.kind === "ssh" ? socketOf(tunnel) : endpoint);
    const settings = { endpoint: candidate.url, headers: config.headers };
    const base = endpoint.kind === "tcp" ? endpoint.basePath : "";
    const unversioned = openClient(transport.modem, { ...settings, prefix: base });
    const info = await negotiate(unversioned, options.environment, options.signal);
    const client = openClient(transport.modem, { ...settings, prefix: `${base}/v${info.api.join(".")}` });
    return dockerEngine({
      client,
      info,
      config,
      environment: options.environment,
      sameClock: endpoint.kind === "socket",
      async close() {
        transport.close();
        await close();
      },
    });
  } catch (error) {
    await close();
    throw endpoint.kind === "ssh" ? nobodyBehind(endpoint, error) : error;
  }
}

/** The tunnel stands, so what fails is at its other end. */
function nobodyBehind({ host, socket }: Extract<Endpoint, { kind: "ssh" }>, error: unknown): unknown {
  if (!(error instanceof EngineError) || error.status !== 0) return error;
  return new EngineError(`ssh reaches ${host}, but no engine answers at ${socket} there`, {
    status: 0,
    operation: "find engine",
    resource: "engine",
    hint: "check that the engine runs there, that you may use its socket, and that sshd allows to forward sockets",
    cause: error,
  });
}

/** Loaded only by who needs it, as everything is that few people use. */
async function tunnelTo(endpoint: Extract<Endpoint, { kind: "ssh" }>, signal: AbortSignal | undefined) {
  const { openTunnel } = await import("./transport/ssh.ts");
  return openTunnel(endpoint, signal);
}

function socketOf(tunnel: { readonly socket: string } | undefined): Extract<Endpoint, { kind: "socket" }> {
  return { kind: "socket", path: tunnel?.socket ?? "" };
}

/** One place: its own failure. Several: all of them, each with its reason, so that nobody has to guess. */
function noEngine(candidates: readonly Candidate[], failures: readonly EngineError[]): EngineError {
  const [first] = failures;
  const [named] = candidates;
  const details = { status: 0, operation: "find engine", resource: "engine" };
  if (first === undefined || named === undefined) return new EngineError("there is no engine to connect to", details);
  if (candidates.length === 1) {
    const saysWhere = /^(DOCKER_|--)/.test(first.message) || first.message.includes(named.origin);
    const message = saysWhere ? first.message : `${named.origin}: ${first.message}`;
    return new EngineError(message, { ...details, hint: first.hint, cause: first });
  }
  // What exists and fails is the interesting one: a socket without permission rather than the five that are not there.
  const telling = failures.find((failure) => !failure.message.startsWith("there is no engine at")) ?? first;
  const tried = candidates.map((candidate, index) => `  ${candidate.origin}: ${failures[index]?.message ?? ""}`);
  return new EngineError(`no engine answers; tried\n${tried.join("\n")}`, {
    ...details,
    hint: telling.hint,
    cause: telling,
  });
}
