import { resolve } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Typed } from "./control.ts";
import { tagDescriptor, taggedDigest } from "./oci-index.ts";

/** Caches of a build, and the folders of ours that they lie in: id for the engine → folder. */
export interface LocalStores {
  readonly cacheFrom: readonly Typed[];
  readonly folders: ReadonlyMap<string, string>;
}

/** A local cache that is not there yet is no reason to fail: the build is to make it. */
export async function localStores(cacheFrom: readonly Typed[], cacheTo: readonly Typed[]): Promise<LocalStores> {
  const found = (await Promise.all(cacheFrom.map(withDigest))).filter((entry) => entry !== undefined);
  const sources = found.filter(isLocal).map(({ attributes }) => attributes.get("src") ?? "");
  const targets = cacheTo.filter(isLocal).map(({ attributes }) => attributes.get("dest") ?? "");
  const folders = [...sources, ...targets].map((path) => [`local:${path}`, resolve(path)] as const);
  return { cacheFrom: found, folders: new Map(folders) };
}

function isLocal({ type }: Typed): boolean {
  return type === "local";
}

/** The engine finds content by digest only; names are ours to look up. */
async function withDigest(entry: Typed): Promise<Typed | undefined> {
  const { type, attributes } = entry;
  if (type !== "local") return entry;
  if ((attributes.get("src") ?? "") === "") throw withoutFolder();
  if (attributes.has("digest")) return entry;
  const digest = await taggedDigest(resolve(attributes.get("src") ?? ""), attributes.get("tag") ?? "latest");
  return digest === undefined ? undefined : { type, attributes: new Map([...attributes, ["digest", digest]]) };
}

function withoutFolder(): EngineError {
  return new EngineError("a cache of type local has no folder to come from", {
    status: 0,
    operation: "build image",
    resource: "build",
    hint: 'name it in cache_from: "type=local,src=FOLDER"',
  });
}

/** After the build: what it has written gets its name. */
export async function tagLocalCaches(cacheTo: readonly Typed[], answer: ReadonlyMap<string, string>): Promise<void> {
  const descriptor = answer.get("cache.manifest");
  if (descriptor === undefined) return;
  for (const { attributes } of cacheTo.filter(isLocal)) {
    await tagDescriptor(resolve(attributes.get("dest") ?? ""), attributes.get("tag") ?? "latest", descriptor);
  }
}

/** "oci-layout:///folder:tag" or "…@digest": an image that lies in a folder. */
export async function layoutContext(
  name: string,
  value: string,
): Promise<{ readonly reference: string; readonly id: string; readonly folder: string } | undefined> {
  const [, path = "", , tag = "latest", given] = /^oci-layout:\/\/([^@]+?)(:([^:/@]+))?(?:@(.+))?$/.exec(value) ?? [];
  if (path === "") return undefined;
  const folder = resolve(path);
  const digest = given ?? (await taggedDigest(folder, tag));
  if (digest === undefined) return undefined;
  // The store's name stands where a registry's repository would.
  const store = Buffer.from(name).toString("hex");
  return { reference: `oci-layout://${store}@${digest}`, id: `oci:${store}`, folder };
}
