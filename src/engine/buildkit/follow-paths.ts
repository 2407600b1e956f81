import { readdir, readlink } from "node:fs/promises";
import { isAbsolute, join, posix } from "node:path";

import { pathPatterns } from "../build/dockerignore.ts";

/**
 * The paths of a folder that are needed to read `paths` in it: those themselves, and where symbolic links on the way
 * lead to. "." among them: everything. Links are followed inside of the folder only, its root is "/" to them.
 */
export async function followPaths(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const resolved = new Set<string>();
  for (const path of paths) await follow(root, path, resolved);
  return [...resolved].sort();
}

async function follow(root: string, path: string, resolved: Set<string>): Promise<void> {
  const parts = inside(path).split("/");
  for (const [depth] of parts.entries()) {
    const current = parts.slice(0, depth + 1).join("/");
    const rest = parts.slice(depth + 1).join("/");
    const targets = await linkTargets(root, current);
    if (targets.length === 0 && rest !== "") continue;
    if (resolved.has(current)) return;
    resolved.add(current);
    for (const target of targets) await follow(root, posix.join(target, rest), resolved);
    return;
  }
}

/** "/a/../b", "./b" → "b"; nothing leads out of the folder. */
function inside(path: string): string {
  const clean = posix.join("/", path).slice(1).replace(/\/$/, "");
  return clean === "" ? "." : clean;
}

/** Where the link points; with wildcards in the last part of the path, where all links point that match. */
async function linkTargets(root: string, path: string): Promise<readonly string[]> {
  const folder = posix.dirname(path);
  const last = posix.basename(path);
  if (!/(^|[^\\])[*?[]/.test(last)) return linkTarget(root, path);
  const names = await readdir(join(root, folder)).catch(() => []);
  const pattern = pathPatterns([last]);
  const found = await Promise.all(
    names.filter((name) => pattern.matches(name)).map((name) => linkTarget(root, posix.join(folder, name))),
  );
  return found.flat();
}

async function linkTarget(root: string, path: string): Promise<readonly string[]> {
  const link = await readlink(join(root, path)).catch(() => undefined);
  if (link === undefined) return [];
  return [isAbsolute(link) ? link : posix.join("/", posix.dirname(path), link)];
}
