import { randomBytes } from "node:crypto";

import { CancelledError, EngineError } from "../../model/error.ts";
import { decodeTrace } from "../build/trace.ts";
import type { DockerConfig } from "../docker-config.ts";
import type { BuildProgress, BuildRequest } from "../engine.ts";
import { explain } from "../transport/explain.ts";
import { type Solve, solve, status, type Typed } from "./control.ts";
import { failedLines } from "./failed-lines.ts";
import { fileSync } from "./file-sync.ts";
import { type GrpcClient, grpcClient } from "./grpc-client.ts";
import { GrpcError } from "./grpc.ts";
import { registryLogin } from "./registry-login.ts";
import { secretStore } from "./secrets.ts";
import { openSession, type Upgrade } from "./session.ts";
import { type Abilities, solveRequest } from "./solve-request.ts";
import { type SshAgents, sshForward } from "./ssh-forward.ts";
import { hostGateway } from "./workers.ts";

export interface BuildKit {
  readonly upgrade: Upgrade;
  readonly config: DockerConfig;
  readonly agents: SshAgents;
  /** Whether the engine keeps images as containerd does. */
  readonly imageIndexes: (signal: AbortSignal | undefined) => Promise<boolean>;
}

/**
 * Builds as docker's own client does: BuildKit's control call on one connection, and on another one our answers to what
 * it asks for on the way: files, secrets, keys, logins.
 */
export async function* buildOverBuildKit(
  buildkit: BuildKit,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<BuildProgress> {
  const client = grpcClient(await buildkit.upgrade("/grpc", {}));
  try {
    const prepared = await solveRequest(request, await abilities(buildkit, client, { request, signal }));
    const services = [
      fileSync(prepared.trees),
      secretStore(prepared.secrets),
      registryLogin(buildkit.config),
      ...(buildkit.agents.size === 0 ? [] : [sshForward(buildkit.agents)]),
    ];
    const session = await openSession(buildkit.upgrade, prepared.sharedKey, services);
    try {
      const reference = randomBytes(16).toString("hex");
      const exporter = exporterOf(request.tags);
      yield* run(client, { ...prepared, reference, session: session.id, exporter }, { request, signal });
    } finally {
      session.close();
    }
  } finally {
    client.close();
  }
}

interface Asked {
  readonly request: BuildRequest;
  readonly signal: AbortSignal | undefined;
}

async function abilities(buildkit: BuildKit, client: GrpcClient, { request, signal }: Asked): Promise<Abilities> {
  const addresses = [...(request.build.extra_hosts?.values() ?? [])].flat();
  const [imageIndexes, gateway] = await Promise.all([
    buildkit.imageIndexes(signal),
    addresses.includes("host-gateway") ? hostGateway(client, signal) : undefined,
  ]);
  return { imageIndexes, hostGateway: gateway };
}

/** Into the engine's own images, under these names. */
function exporterOf(tags: readonly string[]): Typed {
  return { type: "moby", attributes: new Map([["name", tags.join(",")]]) };
}

async function* run(client: GrpcClient, options: Solve, { request, signal }: Asked): AsyncGenerator<BuildProgress> {
  const over = new AbortController();
  const solved = solve(client, options, signal).then(
    (answer) => ({ kind: "built", answer }) as const,
    (error: unknown) => ({ kind: "failed", error }) as const,
  );
  void solved.then(() => endLater(over));
  yield* trace(client, options.reference, over.signal);
  const result = await solved;
  if (result.kind === "failed") {
    if (result.error instanceof GrpcError) yield* failedLines(result.error);
    throw signal?.aborted === true ? new CancelledError() : engineError(result.error, request);
  }
  const id = result.answer.get("containerimage.digest");
  if (id !== undefined) yield { kind: "image", id };
}

/** A build that never began has no end that the engine could tell. */
const patienceMs = 2000;

function endLater(over: AbortController): void {
  setTimeout(() => over.abort(), patienceMs).unref();
}

/** What is lost of the progress is no reason to fail: the solve call knows how the build ended. */
async function* trace(client: GrpcClient, reference: string, signal: AbortSignal): AsyncGenerator<BuildProgress> {
  try {
    for await (const message of status(client, reference, signal)) yield* decodeTrace(message);
  } catch (error) {
    if (!(error instanceof GrpcError || error instanceof CancelledError)) throw error;
  }
}

function engineError(error: unknown, { tags }: BuildRequest): unknown {
  if (!(error instanceof GrpcError)) return error;
  const { message, hint } = explain(error.message.replace(/^failed to solve: /, ""));
  const resource = `image ${tags[0] ?? ""}`;
  return new EngineError(message, { status: 200, operation: "build image", resource, hint, cause: error });
}
