import { EngineError } from "../model/error.ts";
import type { StringMap } from "../model/project.ts";
import type { EngineInfo } from "./engine.ts";
import type { Client } from "./transport/client.ts";

/** The newest API that we know; an engine that knows less gets what it knows. */
const newest = [1, 51] as const;
const oldest = [1, 30] as const;

/** One request without a body tells all that we need to know of an engine. */
export async function negotiate(client: Client, environment: StringMap, signal?: AbortSignal): Promise<EngineInfo> {
  const headers = await ping(client, signal);
  const offered = parseApi(headers["api-version"]) ?? [1, 0];
  const wanted = pinned(environment);
  const api = wanted ?? (isOlder(offered, newest) ? offered : newest);
  if (isOlder(api, oldest)) throw tooOld(api, wanted === undefined ? client.endpoint : undefined);
  return {
    version: /^\w+\/([^ +]+)/.exec(headers["server"] ?? "")?.[1] ?? "",
    api,
    os: headers["ostype"] ?? "linux",
    buildkit: wantsBuildKit(environment) ?? headers["builder-version"] === "2",
    swarm: headers["swarm"]?.startsWith("active") === true,
    ...(headers["libpod-api-version"] !== undefined && { podman: true }),
    endpoint: client.endpoint,
  };
}

/** docker's own switch; engines before 23 have BuildKit, and use it only if they are told to. */
function wantsBuildKit(environment: StringMap): boolean | undefined {
  const text = environment.get("DOCKER_BUILDKIT")?.toLowerCase();
  if (text === "1" || text === "true") return true;
  return text === "0" || text === "false" ? false : undefined;
}

/** The engine's own, or the one that somebody insists on. */
function tooOld(api: readonly [number, number], endpoint: string | undefined): EngineError {
  const version = api.join(".");
  const which =
    endpoint === undefined
      ? `DOCKER_API_VERSION asks for the API ${version}, which`
      : `the API ${version} of the engine at ${endpoint}`;
  return new EngineError(`${which} is too old: at least ${oldest.join(".")} is needed`, {
    status: 0,
    operation: "find engine",
    resource: "engine",
    hint: endpoint === undefined ? "unset DOCKER_API_VERSION" : "update the engine (17.06 was the first to do)",
  });
}

type Headers = Readonly<Record<string, string | undefined>>;

async function ping(client: Client, signal: AbortSignal | undefined): Promise<Headers> {
  const call = { operation: "find engine", resource: "engine", path: "/_ping", signal } as const;
  try {
    return await headersOf(client, { ...call, method: "HEAD" });
  } catch (error) {
    // Engines before 19.03 answer only GET.
    if (error instanceof EngineError && error.status > 0) return headersOf(client, { ...call, method: "GET" });
    throw error;
  }
}

async function headersOf(client: Client, call: Parameters<Client["stream"]>[0]): Promise<Headers> {
  const answer = await client.stream(call);
  answer.resume();
  const single = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(single);
}

function pinned(environment: StringMap): readonly [number, number] | undefined {
  const text = environment.get("DOCKER_API_VERSION") ?? "";
  if (text === "") return undefined;
  const api = parseApi(text.replace(/^v/, ""));
  if (api !== undefined) return api;
  throw new EngineError(`DOCKER_API_VERSION is "${text}", which is no API version`, {
    status: 0,
    operation: "find engine",
    resource: "engine",
    hint: `write it like "${newest.join(".")}", or unset it`,
  });
}

function parseApi(text: string | undefined): readonly [number, number] | undefined {
  const match = /^(\d+)\.(\d+)$/.exec(text ?? "");
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

function isOlder(api: readonly [number, number], than: readonly [number, number]): boolean {
  return api[0] < than[0] || (api[0] === than[0] && api[1] < than[1]);
}
