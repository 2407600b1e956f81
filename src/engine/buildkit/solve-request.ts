import { createHash } from "node:crypto";
import { access, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Build, Ulimit } from "../../model/project.ts";
import { isRemote } from "../build/request.ts";
import type { BuildRequest } from "../engine.ts";
import { cacheEntry } from "./cache-entry.ts";
import type { Solve } from "./control.ts";
import { layoutContext, localStores } from "./local-stores.ts";
import type { LocalTree } from "./local-tree.ts";
import type { Secrets } from "./secrets.ts";

/** A build in BuildKit's words, and what the engine may ask us for meanwhile. */
export interface SolveRequest extends Omit<Solve, "reference" | "session" | "exporter"> {
  readonly trees: ReadonlyMap<string, LocalTree>;
  readonly secrets: Secrets;
  /** Folders that hold caches and images: id → folder. */
  readonly stores: ReadonlyMap<string, string>;
  readonly sharedKey: string;
}

/** What the engine can do, asked before. */
export interface Abilities {
  /** It keeps images as containerd does: several platforms, attestations and caches of their own are possible. */
  readonly imageIndexes: boolean;
  /** What "host-gateway" stands for in its builds. */
  readonly hostGateway: string | undefined;
}

export async function solveRequest(request: BuildRequest, abilities: Abilities): Promise<SolveRequest> {
  const { build } = request;
  refuseImpossible(request, abilities);
  const sources = await localSources(build);
  const inlineCache = build.args?.get("BUILDKIT_INLINE_CACHE");
  const wantsInline = inlineCache === "1" || inlineCache === "true";
  const cacheTo = [...(build.cache_to ?? []), ...(wantsInline ? ["type=inline"] : [])].map(cacheEntry);
  const { cacheFrom, folders } = await localStores((build.cache_from ?? []).map(cacheEntry), cacheTo);
  const attributes = new Map([
    ...sources.attributes,
    ...options(request, abilities),
    ...prefixed("build-arg:", build.args),
    ...prefixed("label:", request.labels),
    ...attestations(build, abilities),
    ...(cacheFrom.length === 0 ? [] : [["cache-imports", JSON.stringify(cacheFrom.map(asJson))] as const]),
  ]);
  return {
    attributes,
    trees: sources.trees,
    secrets: await secretsOf(request),
    stores: new Map([...sources.stores, ...folders]),
    sharedKey: createHash("sha256")
      .update(`${hostname()}\0${resolve(build.context ?? ".")}`)
      .digest("hex"),
    cacheTo,
    cacheFrom: [],
    entitlements: entitlementsOf(build),
  };
}

type Attributes = readonly (readonly [string, string])[];

interface Source {
  readonly attributes: Attributes;
  readonly trees?: ReadonlyMap<string, LocalTree>;
  readonly stores?: ReadonlyMap<string, string>;
}

/** Folders keep their names: by them the engine finds what it had of each the last time. */
async function localSources(build: Build): Promise<Required<Source>> {
  const context = build.context ?? ".";
  const extra = await Promise.all(
    [...(build.additional_contexts ?? [])].map(([name, value]) => namedContext(name, value)),
  );
  const sources = [await mainContext(context), await dockerfileOf(context, build), ...extra];
  return {
    attributes: sources.flatMap(({ attributes }) => attributes),
    trees: new Map(sources.flatMap(({ trees = [] }) => [...trees])),
    stores: new Map(sources.flatMap(({ stores = [] }) => [...stores])),
  };
}

async function mainContext(context: string): Promise<Source> {
  if (isRemote(context)) return { attributes: [["context", context]] };
  const isFolder = (await stat(context).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) throw failure(`the build context ${context} is not a folder`, 'correct "context" of the build');
  return { attributes: [], trees: new Map([["context", { kind: "folder", path: resolve(context) }]]) };
}

async function dockerfileOf(context: string, build: Build): Promise<Source> {
  const fromUs = ["dockerfilekey", "dockerfile"] as const;
  if (build.dockerfile_inline !== undefined) {
    const tree: LocalTree = { kind: "file", name: "Dockerfile", content: build.dockerfile_inline };
    return { attributes: [fromUs, ["filename", "Dockerfile"]], trees: new Map([["dockerfile", tree]]) };
  }
  const path = build.dockerfile ?? "Dockerfile";
  if (isRemote(context) && !path.startsWith("/")) return { attributes: [["filename", path]] };
  const file = resolve(isRemote(context) ? "/" : context, path);
  await findDockerfile(file);
  const tree: LocalTree = { kind: "folder", path: dirname(file) };
  return { attributes: [fromUs, ["filename", basename(file)]], trees: new Map([["dockerfile", tree]]) };
}

/** The engine looks for "dockerfile" where there is no "Dockerfile"; and so do we. */
async function findDockerfile(file: string): Promise<void> {
  const names = basename(file) === "Dockerfile" ? [file, join(dirname(file), "dockerfile")] : [file];
  for (const name of names) {
    const found = await access(name).then(
      () => true,
      () => false,
    );
    if (found) return;
  }
  throw failure(`there is no Dockerfile ${file}`, 'correct "dockerfile" of the build; it is relative to the context');
}

async function namedContext(name: string, value: string): Promise<Source> {
  const attribute = `context:${name}`;
  if (isRemote(value) || value.startsWith("docker-image://")) {
    return { attributes: [[attribute, value]] };
  }
  const layout = await layoutContext(name, value);
  if (layout !== undefined) {
    return { attributes: [[attribute, layout.reference]], stores: new Map([[layout.id, layout.folder]]) };
  }
  const isFolder = (await stat(value).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) {
    throw failure(
      `the additional context ${name} is not a folder: ${value}`,
      'it may be a folder, an address, "docker-image://IMAGE", "oci-layout://FOLDER" or "service:NAME"',
    );
  }
  const local = name === "context" || name === "dockerfile" ? `_${name}` : name;
  return {
    attributes: [[attribute, `local:${local}`]],
    trees: new Map([[local, { kind: "folder", path: resolve(value) }]]),
  };
}

function options({ build, platforms, noCache, pull }: BuildRequest, { hostGateway }: Abilities): Attributes {
  const noCacheStages = noCache ? "" : build.no_cache_filter?.join(",");
  const hosts = [...(build.extra_hosts ?? [])].flatMap(([host, addresses]) =>
    addresses.map((address) => `${host}=${address === "host-gateway" ? (hostGateway ?? address) : address}`),
  );
  const limits = [...(build.ulimits ?? [])].map(([name, limit]) => ulimit(name, limit));
  const network = build.network === "default" ? undefined : build.network;
  const found: readonly (readonly [string, string | undefined])[] = [
    // An image that only this engine has must not be looked for in a registry.
    ["image-resolve-mode", pull ? "pull" : "local"],
    ["target", build.target],
    ["platform", platforms.length === 0 ? undefined : platforms.join(",")],
    ["no-cache", noCacheStages],
    ["force-network-mode", network],
    ["add-hosts", hosts.length === 0 ? undefined : hosts.join(",")],
    ["shm-size", build.shm_size === undefined ? undefined : String(build.shm_size)],
    ["ulimit", limits.length === 0 ? undefined : limits.join(",")],
    ["frontend.caps", build.additional_contexts === undefined ? undefined : "moby.buildkit.frontend.contexts+forward"],
  ];
  return found.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

function ulimit(name: string, limit: Ulimit): string {
  return typeof limit === "number" ? `${name}=${limit}:${limit}` : `${name}=${limit.soft}:${limit.hard}`;
}

function prefixed(prefix: string, values: ReadonlyMap<string, string | null> | undefined): Attributes {
  return [...(values ?? [])].flatMap(([name, value]) => (value === null ? [] : [[`${prefix}${name}`, value] as const]));
}

function asJson({ type, attributes }: ReturnType<typeof cacheEntry>): object {
  return { Type: type, Attrs: Object.fromEntries(attributes) };
}

/** Where images can carry them they get the short provenance that docker's client adds, too. */
function attestations({ provenance, sbom }: Build, { imageIndexes }: Abilities): Attributes {
  const wanted: Attributes = [
    ...(isOff(provenance) ? [] : [["attest:provenance", plain(provenance ?? "mode=min,inline-only=true")] as const]),
    ...(isOff(sbom) || sbom === undefined ? [] : [["attest:sbom", plain(sbom)] as const]),
  ];
  return imageIndexes ? wanted : [];
}

function isOff(value: string | undefined): boolean {
  return value === "false" || value === "0";
}

/** "true" says no more than that it is wanted. */
function plain(value: string): string {
  return value === "true" || value === "1" ? "" : value;
}

function entitlementsOf(build: Build): readonly string[] {
  return [
    ...(build.entitlements ?? []),
    ...(build.privileged === true ? ["security.insecure"] : []),
    ...(build.network === "host" ? ["network.host"] : []),
  ];
}

async function secretsOf({ build, secrets }: BuildRequest): Promise<Secrets> {
  const found = (build.secrets ?? []).flatMap(
    ({ source, target }): [string, { file: string } | { value: string }][] => {
      const secret = secrets.get(source);
      const id = target ?? source;
      if (secret?.file !== undefined) return [[id, { file: secret.file }]];
      return secret?.value === undefined ? [] : [[id, { value: secret.value }]];
    },
  );
  for (const [id, secret] of found) if ("file" in secret) await findSecret(id, secret.file);
  return new Map(found);
}

/** Also where no step asks for it: a build that goes on without what it was given has to be looked at twice. */
async function findSecret(id: string, file: string): Promise<void> {
  const problem = await stat(file).then(
    (found) => (found.isDirectory() ? "is a folder" : undefined),
    () => "is not there",
  );
  if (problem === undefined) return;
  throw failure(`the file of the secret ${id} ${problem}: ${file}`, 'correct "file" of the secret');
}

function refuseImpossible({ build, platforms }: BuildRequest, { imageIndexes }: Abilities): void {
  const networks = [undefined, "default", "host", "none"];
  if (!networks.includes(build.network)) {
    throw failure(
      `BuildKit cannot build in the network "${build.network}"`,
      '"network" of a build is default, host or none',
    );
  }
  if (imageIndexes) return;
  const caches = (build.cache_to ?? []).map(cacheEntry).filter(({ type }) => type !== "inline");
  const needs = [
    platforms.length > 1 && "an image of several platforms",
    [...(build.additional_contexts?.values() ?? [])].some((value) => value.startsWith("oci-layout://")) &&
      "an image of a folder",
    caches.length > 0 && `a cache of type ${caches.map(({ type }) => type).join(", ")}`,
    build.provenance !== undefined && !isOff(build.provenance) && "provenance",
    build.sbom !== undefined && !isOff(build.sbom) && "an SBOM",
  ].filter((each) => each !== false);
  if (needs.length === 0) return;
  throw failure(
    `this engine's image store cannot hold ${needs.join(", ")}`,
    "turn on the containerd image store of the engine, or leave that out",
  );
}

function failure(message: string, hint: string): EngineError {
  return new EngineError(message, { status: 0, operation: "build image", resource: "build", hint });
}
