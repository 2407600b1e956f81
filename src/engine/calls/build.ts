import type { Diagnostic } from "../../model/diagnostic.ts";
import { EngineError } from "../../model/error.ts";
import { proxyVariables } from "../body/environment.ts";
import type { PostBuild } from "../build/classic.ts";
import type { BuildKit } from "../buildkit/open-build.ts";
import type { Connection } from "../connection.ts";
import type { BuildProgress, BuildRequest } from "../engine.ts";
import { fetchWith } from "../proxy/fetch.ts";

// Builds bring libraries and processes with them that a mere `up` has no need of.

/** Over BuildKit's own protocol where the engine offers it; over the plain build call elsewhere. */
export async function* buildImage(
  connection: Connection,
  plainRequest: BuildRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<BuildProgress> {
  const request = withProxies(connection, plainRequest);
  if (connection.info.buildkit) {
    try {
      return yield* overBuildKit(connection, request, signal);
    } catch (error) {
      // Nothing has begun: something between us and the engine does not let connections change their protocol.
      if (!(error instanceof EngineError && error.operation === openingBuildKit)) throw error;
    }
  }
  yield* overRest(connection, request, signal);
}

/** What BuildKit finds questionable in a Dockerfile. */
export async function checkBuild(
  connection: Connection,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): Promise<readonly Diagnostic[]> {
  if (!connection.info.buildkit) {
    throw new EngineError("this engine cannot check a Dockerfile without building it", {
      status: 0,
      operation: "check build",
      resource: `image ${request.tags[0] ?? ""}`,
      hint: "that needs BuildKit; an engine that has it but does not use it is told to by DOCKER_BUILDKIT=1",
    });
  }
  const { checkOverBuildKit } = await import("../buildkit/check.ts");
  const proxied = withProxies(connection, request);
  return checkOverBuildKit(await buildKit(connection, proxied, signal), proxied, signal);
}

const openingBuildKit = "open BuildKit";

function withProxies({ config, info }: Connection, request: BuildRequest): BuildRequest {
  return withArgs(request, proxyVariables({ config, info }));
}

/** The time that images and layers are to have, so that a build comes out the same twice: docker's client passes it on. */
function withDate({ environment }: Connection, request: BuildRequest): BuildRequest {
  const date = environment.get("SOURCE_DATE_EPOCH");
  return date === undefined || date === "" ? request : withArgs(request, new Map([["SOURCE_DATE_EPOCH", date]]));
}

/** What the file says wins. */
function withArgs(request: BuildRequest, added: ReadonlyMap<string, string>): BuildRequest {
  const args = new Map<string, string | null>([...added, ...(request.build.args ?? [])]);
  return args.size === 0 ? request : { ...request, build: { ...request.build, args } };
}

async function* overBuildKit(
  connection: Connection,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<BuildProgress> {
  const { buildOverBuildKit } = await import("../buildkit/build.ts");
  const dated = withDate(connection, request);
  yield* buildOverBuildKit(await buildKit(connection, dated, signal), dated, signal);
}

async function buildKit(
  { client, config, environment }: Connection,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): Promise<BuildKit> {
  const { sshAgents } = await import("../buildkit/ssh-agents.ts");
  const resource = `image ${request.tags[0] ?? ""}`;
  return {
    config,
    fetch: fetchWith(environment),
    agents: await sshAgents(request.build.ssh ?? new Map(), environment),
    upgrade: (path, headers) => {
      const call = { operation: openingBuildKit, resource, method: "POST", path, signal } as const;
      return client.upgrade({ ...call, headers: { ...headers, Upgrade: "h2c" } });
    },
    async imageIndexes() {
      const call = { operation: "look at engine", resource: "engine", method: "GET", path: "/info", signal } as const;
      const { DriverStatus: status = [] } = await client.json<EngineFacts>(call);
      return status.some(([key, value = ""]) => key === "driver-type" && value.startsWith("io.containerd.snapshotter"));
    },
  };
}

interface EngineFacts {
  readonly DriverStatus?: readonly (readonly string[])[];
}

async function* overRest(
  { client, config, info }: Connection,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<BuildProgress> {
  const [{ buildOverRest }, { registryConfigHeader }] = await Promise.all([
    import("../build/classic.ts"),
    import("../auth.ts"),
  ]);
  const post: PostBuild = async ({ query, body }) =>
    client.stream({
      operation: "build image",
      resource: `image ${request.tags[0] ?? ""}`,
      method: "POST",
      path: "/build",
      query,
      // Nothing to upload is not nothing to say: without a body the engine would wait for one.
      upload: body ?? new Uint8Array(),
      headers: {
        "X-Registry-Config": await registryConfigHeader(config),
        "Content-Type": "application/x-tar",
      },
      signal,
    });
  yield* buildOverRest({ buildkit: info.buildkit, post }, request, signal);
}
