import { homedir } from "node:os";
import { join } from "node:path";

import type { Candidate } from "./endpoint.ts";
import type { Surroundings } from "./find-engine.ts";

/** Nobody has said where the engine is: the system's socket, then those of rootless and desktop engines. */
export async function usualSockets({ environment }: Surroundings): Promise<readonly Candidate[]> {
  if (process.platform === "win32")
    return [{ url: "npipe:////./pipe/docker_engine", origin: "the default named pipe" }];
  const home = environment.get("HOME") ?? homedir();
  const user = process.getuid?.();
  const runtime = environment.get("XDG_RUNTIME_DIR") ?? (user === undefined ? undefined : `/run/user/${user}`);
  const sockets: readonly (readonly [string, string | undefined])[] = [
    ["the default socket", "/var/run/docker.sock"],
    ["a rootless engine", runtime === undefined ? undefined : join(runtime, "docker.sock")],
    ["Docker Desktop", join(home, ".docker/run/docker.sock")],
    ["Docker Desktop on Linux", join(home, ".docker/desktop/docker.sock")],
    ["Rancher Desktop", join(home, ".rd/docker.sock")],
    ["Colima", join(home, ".colima/default/docker.sock")],
    ["OrbStack", join(home, ".orbstack/run/docker.sock")],
    ["Podman of this user", runtime === undefined ? undefined : join(runtime, "podman/podman.sock")],
    ["Podman", "/run/podman/podman.sock"],
  ];
  return sockets.flatMap(([origin, path]) => (path === undefined ? [] : [{ url: `unix://${path}`, origin }]));
}
