import { posix } from "node:path";

import type { Engine } from "../../engine/engine.ts";
import { UsageError } from "../../model/error.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import { type CopySource, type CopyTarget, pathEnd } from "./placement.ts";

export interface InsideSource extends CopySource {
  /** What to ask the engine for. */
  readonly path: string;
  /** What that is called in the engine's archive: "." and "/" for content alone. */
  readonly root: string;
}

/** What is to be fetched. */
export async function insideSource(
  engine: Engine,
  container: ObservedContainer,
  options: { readonly path: string; readonly followLink: boolean; readonly signal: AbortSignal },
): Promise<InsideSource> {
  const { path, followLink, signal } = options;
  const shown = `${container.name}:${path}`;
  const named = await engine.statPath(container.id, path, signal);
  if (named === undefined) throw new UsageError(`no such file or folder: ${shown}`);
  const end = pathEnd(path);
  if (!followLink || kindOf(named.mode) !== "link") {
    const name = checkName(named.name);
    return { shown, path, root: name, isFolder: kindOf(named.mode) === "folder", end: { ...end, name } };
  }
  const target = linkTarget(path, named.linkTarget);
  const found = await engine.statPath(container.id, target, signal);
  if (found === undefined) throw new UsageError(`${shown} leads to ${target}, which is not there`);
  return { shown, path: target, root: checkName(found.name), isFolder: kindOf(found.mode) === "folder", end };
}

/** Where it is to be put. */
export async function insideTarget(
  engine: Engine,
  container: ObservedContainer,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<CopyTarget> {
  const shown = `${container.name}:${path}`;
  const { mustBeFolder } = pathEnd(path);
  const named = await engine.statPath(container.id, path, signal);
  const real = named !== undefined && kindOf(named.mode) === "link" ? linkTarget(path, named.linkTarget) : path;
  const found = real === path ? named : await engine.statPath(container.id, real, signal);
  if (found === undefined) {
    const parent = posix.dirname(posix.normalize(real));
    const above = await engine.statPath(container.id, parent, signal);
    if (above === undefined) throw new UsageError(`there is no folder ${container.name}:${parent} to copy into`);
    return { shown, path: real, is: "missing", mustBeFolder };
  }
  const kind = kindOf(found.mode);
  if (kind === "folder" || kind === "file") return { shown, path: real, is: kind, mustBeFolder };
  throw new UsageError(`${shown} is neither a folder nor a regular file`);
}

/** The engine has resolved it already, mostly. */
function linkTarget(path: string, target: string): string {
  return posix.resolve(posix.dirname(posix.normalize(path)), target);
}

/** Bits of Go's FileMode. */
const kinds = { folder: 2 ** 31, link: 2 ** 27, other: 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19 };

function kindOf(mode: number): "folder" | "link" | "other" | "file" {
  if (mode >= kinds.folder) return "folder";
  if ((mode & kinds.link) !== 0) return "link";
  return (mode & kinds.other) === 0 ? "file" : "other";
}

/** It becomes the name of a file here, so it has to be a name. */
function checkName(name: string): string {
  if (name === "." || name === "/" || (name !== "" && name !== ".." && !/[/\0]/.test(name))) return name;
  throw new UsageError(`the engine calls what was asked for ${JSON.stringify(name)}, which is no name of a file`);
}
