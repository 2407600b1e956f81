import { EngineError } from "../../model/error.ts";
import { proxyVariables } from "../body/environment.ts";
import type { PostBuild } from "../build/classic.ts";
import type { Connection } from "../connection.ts";
import type { BuildProgress, BuildRequest } from "../engine.ts";

// Builds bring libraries and processes with them that a mere `up` has no need of.

/** Over BuildKit's own protocol where the engine offers it; over the plain build call elsewhere. */
export async function* buildImage(
  connection: Connection,
  plainRequest: BuildRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<BuildProgress> {
  const request = withProxies(connection, plainRequest);
  if (connection.info.buildkit && !wantsClassic(connection)) {
    try {
      return yield* overBuildKit(connection, request, signal);
    } catch (error) {
      // Nothing has begun: something between us and the engine does not let connections change their protocol.
      if (!(error instanceof EngineError && error.operation === openingBuildKit)) throw error;
    }
  }
  yield* overRest(connection, request, signal);
}

const openingBuildKit = "open BuildKit";

/** docker's own switch. */
function wantsClassic({ environment }: Connection): boolean {
  return ["0", "false"].includes(environment.get("DOCKER_BUILDKIT")?.toLowerCase() ?? "");
}

function withProxies({ config, info }: Connection, request: BuildRequest): BuildRequest {
  const proxies = proxyVariables({ config, info });
  const args = new Map<string, string | null>([...proxies, ...(request.build.args ?? [])]);
  return args.size === 0 ? request : { ...request, build: { ...request.build, args } };
}

async function* overBuildKit(
  { client, config, environment }: Connection,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<BuildProgress> {
  const [{ buildOverBuildKit }, { sshAgents }] = await Promise.all([
    import("../buildkit/build.ts"),
    import("../buildkit/ssh-agents.ts"),
  ]);
  const buildkit = {
    config,
    agents: await sshAgents(request.build.ssh ?? new Map(), environment),
    upgrade: (path: string, headers: Readonly<Record<string, string[]>>) =>
      client.upgrade({
        operation: openingBuildKit,
        resource: `image ${request.tags[0] ?? ""}`,
        method: "POST",
        path,
        headers: { ...headers, Upgrade: "h2c" },
        signal,
      }),
    imageIndexes: async () => {
      const call = { operation: "look at engine", resource: "engine", method: "GET", path: "/info" } as const;
      const { DriverStatus: status } = await client.json<{ readonly DriverStatus?: readonly (readonly string[])[] }>({
        ...call,
        signal,
      });
      return (
        status?.some(
          ([key, value]) => key === "driver-type" && value?.startsWith("io.containerd.snapshotter") === true,
        ) === true
      );
    },
  };
  yield* buildOverBuildKit(buildkit, request, signal);
}

async function* overRest(
  { client, config, info, ...connection }: Connection,
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
  const buildkit = info.buildkit && !wantsClassic({ client, config, info, ...connection });
  yield* buildOverRest({ buildkit, post }, request, signal);
}
