import { createHash } from "node:crypto";
import { access, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Build, Ulimit } from "../../model/project.ts";
import type { BuildRequest } from "../engine.ts";
import { dockerfileInContext } from "./context.ts";

/** A build as the engine's REST call takes it. */
export interface RestBuild {
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** What the call cannot carry, and a build can do without. */
  readonly warnings: readonly string[];
  /** Absent: the engine fetches the context itself (`remote`). */
  readonly context?: {
    readonly folder: string;
    readonly dockerfile: string;
    readonly extra: ReadonlyMap<string, string>;
  };
}

export async function restBuild(request: BuildRequest, version: "1" | "2"): Promise<RestBuild> {
  const { build } = request;
  refuseWhatNeedsASession(request);
  const options = { ...commonQuery(request), ...(version === "1" && classicQuery(request)), version };
  const warnings = [...attestations(build), ...unusableCaches(build)];
  const context = build.context ?? ".";
  if (isRemote(context)) {
    const query = {
      ...options,
      remote: context,
      ...(build.dockerfile !== undefined && { dockerfile: build.dockerfile }),
    };
    return { query, warnings };
  }
  const { dockerfile, extra } = await placeDockerfile(context, build);
  return { query: { ...options, dockerfile }, warnings, context: { folder: context, dockerfile, extra } };
}

/** docker compose marks what the classic builder has built; that one can limit the memory, too. */
function classicQuery({ labels, memoryBytes }: BuildRequest): Record<string, string> {
  const marked = [...labels, ["com.docker.compose.image.builder", "classic"]];
  return {
    labels: JSON.stringify(Object.fromEntries(marked)),
    ...(memoryBytes !== undefined && { memory: String(memoryBytes) }),
  };
}

function attestations(build: Build): string[] {
  return (["provenance", "sbom"] as const)
    .filter((name) => build[name] !== undefined && build[name] !== "false")
    .map((name) => `${name} is not attached: that needs BuildKit`);
}

function unusableCaches(build: Build): string[] {
  const unusable = (build.cache_from ?? []).filter((entry) => cacheImage(entry) === undefined);
  return unusable.map((entry) => `cache_from "${entry}" is not used: without BuildKit only images are`);
}

/** "type=registry,ref=image" → "image"; an entry without "=" is an image already. */
function cacheImage(entry: string): string | undefined {
  if (!entry.includes("=")) return entry;
  return /(^|,)type=registry(,|$)/.test(entry) ? /(?:^|,)ref=([^,]+)/.exec(entry)?.[1] : undefined;
}

function commonQuery(request: BuildRequest): Record<string, string | readonly string[]> {
  const { build } = request;
  return {
    t: request.tags,
    rm: "1",
    labels: JSON.stringify(Object.fromEntries(request.labels)),
    ...(build.args !== undefined && { buildargs: JSON.stringify(Object.fromEntries(build.args)) }),
    ...(build.target !== undefined && { target: build.target }),
    // Without the cache of some stages or without any: the result is the same.
    ...((request.noCache || (build.no_cache_filter?.length ?? 0) > 0) && { nocache: "1" }),
    ...(request.pull && { pull: "1" }),
    ...(build.cache_from !== undefined && {
      cachefrom: JSON.stringify(build.cache_from.map(cacheImage).filter((image) => image !== undefined)),
    }),
    ...(build.network !== undefined && { networkmode: build.network }),
    ...(build.extra_hosts !== undefined && { extrahosts: hostLines(build.extra_hosts) }),
    ...(build.shm_size !== undefined && { shmsize: String(build.shm_size) }),
    ...(build.ulimits !== undefined && { ulimits: JSON.stringify(ulimitList(build.ulimits)) }),
    ...(build.isolation !== undefined && { isolation: build.isolation }),
    ...(request.platforms[0] !== undefined && { platform: request.platforms[0] }),
  };
}

interface Placed {
  readonly dockerfile: string;
  readonly extra: ReadonlyMap<string, string>;
}

async function placeDockerfile(folder: string, build: Build): Promise<Placed> {
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) throw failure(`the build context ${folder} is not a folder`, 'correct "context" of the build');
  if (build.dockerfile_inline !== undefined) return apart(build.dockerfile_inline);
  const path = build.dockerfile ?? "Dockerfile";
  const file = resolve(folder, path);
  const missing = (): never => {
    throw failure(`there is no Dockerfile ${file}`, 'correct "dockerfile" of the build; it is relative to the context');
  };
  const inside = path.startsWith("/") ? undefined : dockerfileInContext(folder, path);
  if (inside === undefined) return apart(await readFile(file, "utf8").catch(missing));
  await access(join(folder, inside)).catch(missing);
  return { dockerfile: inside, extra: new Map() };
}

/**
 * A Dockerfile that is not in the context (inline, or above it) travels under a name that nothing else has. The name
 * follows from the content: another one at every build would make "COPY . ." forget its cache.
 */
function apart(text: string): Placed {
  const name = `.dockerfile.${createHash("sha256").update(text).digest("hex").slice(0, 20)}`;
  return { dockerfile: name, extra: new Map([[name, text]]) };
}

function failure(message: string, hint: string): EngineError {
  return new EngineError(message, { status: 0, operation: "build image", resource: "build", hint });
}

/** The plain call has no channel back to us; these need one. Said before anything is sent. */
function refuseWhatNeedsASession({ build, platforms }: BuildRequest): void {
  const needs = [
    build.secrets !== undefined && build.secrets.length > 0 && "secrets",
    build.ssh !== undefined && build.ssh.size > 0 && "ssh",
    build.additional_contexts !== undefined && build.additional_contexts.size > 0 && "additional_contexts",
    build.cache_to !== undefined && build.cache_to.length > 0 && "cache_to",
    platforms.length > 1 && "several platforms",
    build.privileged === true && "privileged",
    build.entitlements !== undefined && build.entitlements.length > 0 && "entitlements",
    build.dockerfile_inline !== undefined && isRemote(build.context ?? "") && "dockerfile_inline of a remote context",
  ].filter((each) => each !== false);
  if (needs.length === 0) return;
  throw failure(
    `build with ${needs.join(", ")} needs BuildKit, which this engine does not offer`,
    `set DOCKER_BUILDKIT=1 if the engine has it but does not use it, or do without ${needs.join(", ")}`,
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
