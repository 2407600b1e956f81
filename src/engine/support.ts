import type { EngineInfo } from "./engine.ts";

/** Does the negotiated API have what came with `version`? */
export function hasApi(info: Pick<EngineInfo, "api">, version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return info.api[0] > major || (info.api[0] === major && info.api[1] >= minor);
}

/** Since engine 25 a container is created on all its networks; and each of them may have its own MAC address. */
export function connectsManyAtOnce(info: Pick<EngineInfo, "api">): boolean {
  return hasApi(info, "1.44");
}
