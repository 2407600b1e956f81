import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Candidate, TlsMaterial } from "./endpoint.ts";
import type { Surroundings } from "./find-engine.ts";

/** What "docker context" keeps: --context, DOCKER_CONTEXT or the current one. "default" means: none of them. */
export async function namedContext(surroundings: Surroundings): Promise<readonly Candidate[] | undefined> {
  const { environment, config, context } = surroundings;
  const fromEnvironment = environment.get("DOCKER_CONTEXT") ?? "";
  const name = context ?? (fromEnvironment === "" ? config.currentContext : fromEnvironment);
  if (name === undefined || name === "default") return undefined;
  // The store's folders are named by hash, so that any context name makes a good path. Who has no context of a name
  // does without the 5 ms that crypto takes to load.
  const { createHash } = await import("node:crypto");
  const folder = createHash("sha256").update(name).digest("hex");
  const meta = await readMeta(join(config.folder, "contexts", "meta", folder, "meta.json"));
  const docker = meta?.Endpoints?.docker;
  if (docker?.Host === undefined || docker.Host === "") throw await unknownContext(name, config.folder);
  const tls = await tlsOf(join(config.folder, "contexts", "tls", folder, "docker"), docker.SkipTLSVerify !== true);
  return [{ url: docker.Host, origin: `the context "${name}"`, tls }];
}

interface ContextMeta {
  readonly Name?: string;
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

async function readMeta(file: string): Promise<ContextMeta | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as ContextMeta | null) ?? undefined;
  } catch (cause) {
    throw new EngineError(`the docker context in ${file} cannot be read, as it is not valid JSON`, {
      status: 0,
      operation: "find engine",
      resource: "engine",
      hint: "make it again (docker context create), or choose another one with --context",
      cause,
    });
  }
}

async function tlsOf(folder: string, verify: boolean): Promise<TlsMaterial | undefined> {
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(folder, name), "utf8").catch(() => undefined)),
  );
  const nothing = ca === undefined && cert === undefined && key === undefined;
  return nothing && verify ? undefined : { ca, cert, key, verify };
}

async function unknownContext(name: string, folder: string): Promise<EngineError> {
  const known = ["default", ...(await contextNames(folder))];
  return new EngineError(`there is no docker context "${name}"`, {
    status: 0,
    operation: "find engine",
    resource: "engine",
    hint: `use one of: ${known.join(", ")}`,
  });
}

async function contextNames(folder: string): Promise<string[]> {
  const store = join(folder, "contexts", "meta");
  const entries = await readdir(store).catch(() => []);
  // A broken one is no reason not to name the others.
  const metas = await Promise.all(
    entries.map((entry) => readMeta(join(store, entry, "meta.json")).catch(() => undefined)),
  );
  return metas.flatMap((meta) => (meta?.Name === undefined ? [] : [meta.Name])).sort();
}
