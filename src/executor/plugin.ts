import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

import type { Project } from "../model/project.ts";

/** Where the docker CLI looks for a plugin: docker-NAME in these folders. undefined: there is none. */
export async function findPlugin(name: string, { environment }: Project): Promise<string | undefined> {
  const config = environment.get("DOCKER_CONFIG") || join(environment.get("HOME") ?? "", ".docker");
  const folders = [
    join(config, "cli-plugins"),
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
  ];
  return firstExecutable(folders.map((folder) => join(folder, `docker-${name}`)));
}

export function findOnPath(name: string, { environment }: Project): Promise<string | undefined> {
  const folders = (environment.get("PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  return firstExecutable(folders.map((folder) => join(folder, name)));
}

async function firstExecutable(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return candidate;
  }
  return undefined;
}
