import type { StringMap } from "../../model/project.ts";
import type { DockerConfig } from "../docker-config.ts";

const variables: StringMap = new Map([
  ["httpProxy", "HTTP_PROXY"],
  ["httpsProxy", "HTTPS_PROXY"],
  ["ftpProxy", "FTP_PROXY"],
  ["noProxy", "NO_PROXY"],
  ["allProxy", "ALL_PROXY"],
]);

/** The proxies that the user's docker config gives to every container and build, in both spellings. */
export function proxyVariables(config: DockerConfig): StringMap {
  const settings = config.proxies.get("default") ?? new Map<string, string>();
  return new Map(
    [...settings].flatMap(([setting, value]) => {
      const name = variables.get(setting);
      return name === undefined ? [] : [[name, value] as const, [name.toLowerCase(), value] as const];
    }),
  );
}
