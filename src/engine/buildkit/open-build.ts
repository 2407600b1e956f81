import { randomBytes } from "node:crypto";

import { EngineError } from "../../model/error.ts";
import type { DockerConfig } from "../docker-config.ts";
import type { BuildRequest } from "../engine.ts";
import type { Fetch } from "../proxy/fetch.ts";
import { explain } from "../transport/explain.ts";
import { contentStores } from "./content-store.ts";
import type { Solve } from "./control.ts";
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
  readonly fetch: Fetch;
  readonly agents: SshAgents;
  /** Whether the engine keeps images as containerd does. */
  readonly imageIndexes: (signal: AbortSignal | undefined) => Promise<boolean>;
}

/** BuildKit's control calls on one connection; on another our answers to what it asks for: files, secrets, keys, logins. */
export interface OpenBuild {
  readonly client: GrpcClient;
  /** Nothing is exported as long as nobody says where to. */
  readonly options: Solve;
  close(): void;
}

export async function openBuild(
  buildkit: BuildKit,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): Promise<OpenBuild> {
  const client = grpcClient(await buildkit.upgrade("/grpc", {}));
  try {
    const { trees, secrets, stores, sharedKey, ...solve } = await solveRequest(
      request,
      await abilities(buildkit, client, { request, signal }),
    );
    const session = await openSession(buildkit.upgrade, sharedKey, [
      fileSync(trees),
      secretStore(secrets),
      registryLogin(buildkit.config, buildkit.fetch),
      ...(stores.size === 0 ? [] : [contentStores(stores)]),
      ...(buildkit.agents.size === 0 ? [] : [sshForward(buildkit.agents)]),
    ]);
    const reference = randomBytes(16).toString("hex");
    return {
      client,
      options: { ...solve, reference, session: session.id, exporter: undefined },
      close() {
        session.close();
        client.close();
      },
    };
  } catch (error) {
    client.close();
    throw error;
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

/** BuildKit's failures in our words; others are passed on as they are. */
export function buildFailure(error: unknown, { tags }: BuildRequest): unknown {
  if (!(error instanceof GrpcError)) return error;
  const { message, hint } = explain(error.message.replace(/^failed to solve( with frontend \S+)?: /, ""));
  const resource = `image ${tags[0] ?? ""}`;
  return new EngineError(message, { status: 200, operation: "build image", resource, hint, cause: error });
}
