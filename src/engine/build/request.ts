import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Build, Ulimit } from "../../model/project.ts";
import type { BuildRequest } from "../engine.ts";
import { dockerfileInContext } from "./context.ts";

/** A build as the engine's REST call takes it. */
export interface RestBuild {
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Absent: the engine fetches the context itself (`remote`). */
  readonly context?: {
    readonly folder: string;
    readonly dockerfile: string;
    readonly extra: ReadonlyMap<string, string>;
  };
}

export async function restBuild(request: BuildRequest, version: "1" | "2"): Promise<RestBuild> {
  const { build } = request;
  refuseWhatNeedsASession(build);
  const options = { ...commonQuery(request), version };
  const context = build.context ?? ".";
  if (isRemote(context))
    return {
      query: { ...options, remote: context, ...(build.dockerfile !== undefined && { dockerfile: build.dockerfile }) },
    };
  const { dockerfile, extra } = await placeDockerfile(context, build);
  return { query: { ...options, dockerfile }, context: { folder: context, dockerfile, extra } };
}

function commonQuery(request: BuildRequest): Record<string, string | readonly string[]> {
  const { build } = request;
  return {
    t: request.tags,
    rm: "1",
    labels: JSON.stringify(Object.fromEntries(request.labels)),
    ...(build.args !== undefined && { buildargs: JSON.stringify(Object.fromEntries(build.args)) }),
    ...(build.target !== undefined && { target: build.target }),
    ...(request.noCache && { nocache: "1" }),
    ...(request.pull && { pull: "1" }),
    ...(build.cache_from !== undefined && { cachefrom: JSON.stringify(build.cache_from) }),
    ...(build.network !== undefined && { networkmode: build.network }),
    ...(build.extra_hosts !== undefined && { extrahosts: hostLines(build.extra_hosts) }),
    ...(build.shm_size !== undefined && { shmsize: String(build.shm_size) }),
    ...(build.ulimits !== undefined && { ulimits: JSON.stringify(ulimitList(build.ulimits)) }),
    ...(build.isolation !== undefined && { isolation: build.isolation }),
    ...(request.platform !== undefined && { platform: request.platform }),
  };
}

/** A Dockerfile that is not in the context (inline, or above it) travels under a name that nothing else has. */
async function placeDockerfile(
  folder: string,
  build: Build,
): Promise<{ readonly dockerfile: string; readonly extra: ReadonlyMap<string, string> }> {
  const generated = `.dockerfile.${randomBytes(10).toString("hex")}`;
  if (build.dockerfile_inline !== undefined)
    return { dockerfile: generated, extra: new Map([[generated, build.dockerfile_inline]]) };
  const path = build.dockerfile ?? "Dockerfile";
  const inside = path.startsWith("/") ? undefined : dockerfileInContext(folder, path);
  if (inside !== undefined) return { dockerfile: inside, extra: new Map() };
  const text = await readFile(resolve(folder, path), "utf8");
  return { dockerfile: generated, extra: new Map([[generated, text]]) };
}

/** The REST call has no channel back to us; these need one. Said before anything is sent. */
function refuseWhatNeedsASession(build: Build): void {
  const needs = [
    build.secrets !== undefined && build.secrets.length > 0 && "secrets",
    build.ssh !== undefined && build.ssh.size > 0 && "ssh",
    build.additional_contexts !== undefined && build.additional_contexts.size > 0 && "additional_contexts",
    build.cache_to !== undefined && build.cache_to.length > 0 && "cache_to",
    (build.platforms?.length ?? 0) > 1 && "several platforms",
  ].filter((each) => each !== false);
  if (needs.length === 0) return;
  throw new EngineError(
    `build with ${needs.join(", ")} needs a BuildKit session, which the engine's plain build call does not offer`,
    {
      status: 0,
      operation: "build image",
      resource: "build",
      hint: `build the image with "docker buildx bake" and keep "image:" in the service, or do without ${needs.join(", ")}`,
    },
  );
}

export function isRemote(context: string): boolean {
  return /^(https?|git|ssh):\/\/|^git@|^github\.com\//.test(context);
}

function hostLines(hosts: ReadonlyMap<string, readonly string[]>): string[] {
  return [...hosts].flatMap(([host, addresses]) => addresses.map((address) => `${host}:${address}`));
}

function ulimitList(ulimits: ReadonlyMap<string, Ulimit>): { Name: string; Soft: number; Hard: number }[] {
  return [...ulimits].map(([name, limit]) =>
    typeof limit === "number"
      ? { Name: name, Soft: limit, Hard: limit }
      : { Name: name, Soft: limit.soft, Hard: limit.hard },
  );
}
