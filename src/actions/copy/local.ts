import type { Stats } from "node:fs";
import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";

import { UsageError } from "../../model/error.ts";
import { type CopySource, type CopyTarget, pathEnd } from "./placement.ts";

export interface LocalSource extends CopySource {
  /** Where it really is. */
  readonly path: string;
}

/** What is to be sent. A link is sent as a link, unless it is to be followed or named like a folder ("link/"). */
export async function localSource(given: string, options: { readonly followLink: boolean }): Promise<LocalSource> {
  const path = resolve(given);
  const end = pathEnd(slashes(given));
  const named = end.contentOnly ? end : { ...end, name: basename(path) || "." };
  try {
    const follow = options.followLink || end.mustBeFolder;
    const real = follow ? await realpath(path) : join(await realpath(dirname(path)), basename(path));
    const found = await lstat(real);
    if (end.mustBeFolder && !found.isDirectory()) throw new UsageError(`${given} is no folder`);
    return { shown: given, end: named, path: real, isFolder: found.isDirectory() };
  } catch (error) {
    throw explainLocal(error, given);
  }
}

/** Where it is to be written. A link is followed: who named it wants what it leads to. */
export async function localTarget(given: string): Promise<CopyTarget> {
  const end = pathEnd(slashes(given));
  try {
    const path = await throughLinks(resolve(given));
    const found = await stat(path).catch(ifMissing);
    if (found !== undefined) return { shown: given, path, is: kindOf(found, given, end.mustBeFolder), ...end };
    const parent = await stat(dirname(path)).catch(ifMissing);
    if (parent?.isDirectory() !== true) throw new UsageError(`there is no folder ${dirname(path)} to copy into`);
    return { shown: given, path, is: "missing", mustBeFolder: end.mustBeFolder };
  } catch (error) {
    throw explainLocal(error, given);
  }
}

function kindOf(found: Stats, given: string, mustBeFolder: boolean): "folder" | "file" {
  if (found.isDirectory()) return "folder";
  if (!found.isFile()) throw new UsageError(`${given} is neither a folder nor a regular file`);
  if (mustBeFolder) throw new UsageError(`${given} is no folder`);
  return "file";
}

/** A link may lead to what is not there yet. */
async function throughLinks(path: string, steps = 0): Promise<string> {
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return (await realpath(path).catch(ifMissing)) ?? path;
  if (steps >= 40) throw new UsageError(`too many links at ${path}`);
  return throughLinks(resolve(dirname(path), target), steps + 1);
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

/** Trouble with a file of this machine, in words. */
export function explainLocal(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const say = reasons.get(String(error.code));
  return new UsageError(say === undefined ? `${path}: ${error.message}` : `${path}: ${say}`);
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file or folder"],
  ["ENOTDIR", "a part of the path is no folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "not permitted"],
  ["ENOSPC", "no space is left"],
  ["EROFS", "the file system is read-only"],
  ["ELOOP", "too many links"],
  ["ENAMETOOLONG", "the name is too long"],
]);

function slashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
