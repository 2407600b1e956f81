import type { EngineInfo } from "./engine.ts";

/** Is the negotiated API older than 1.`minor`? */
export function before(info: Pick<EngineInfo, "api">, minor: number): boolean {
  const [major, actual] = info.api;
  return major < 1 || (major === 1 && actual < minor);
}
