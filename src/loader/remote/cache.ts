import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import type { StringMap } from "../../model/project.ts";

/**
 * A folder that is complete or absent: it is filled under another name and moved into place, so that a run that was
 * killed, or two at once, never leave half of it. `key` names the content (a commit, a digest).
 */
export async function cachedFolder(
  environment: StringMap,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const home = environment.get("XDG_CACHE_HOME") || join(environment.get("HOME") || homedir(), ".cache");
  const cache = join(home, "tscompose");
  const folder = join(cache, key);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(cache, ".draft-"));
  try {
    await fill(draft);
    await rename(draft, folder).catch(async (error: unknown) => {
      // Another run was quicker; its content has the same name because it is the same.
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
