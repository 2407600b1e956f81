import type { Service, StringMap } from "../../model/project.ts";
import { apiSocketVariables } from "./api-socket.ts";
import type { BodyContext } from "./container.ts";

/** The variable that each setting of config.json's `proxies` becomes, in capitals and in small letters. */
const proxySettings = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  ftpProxy: "FTP_PROXY",
  noProxy: "NO_PROXY",
  allProxy: "ALL_PROXY",
} as const;

/** Proxies first, then the service's own; a variable without value is named alone, and the engine takes it away. */
export function environmentList(service: Service, context: Pick<BodyContext, "config" | "info">): string[] {
  const all = new Map<string, string | null>([
    ...proxyVariables(context),
    ...apiSocketVariables(service),
    ...(service.environment ?? []),
  ]);
  return [...all].map(([name, value]) => (value === null ? name : `${name}=${value}`));
}

/** What the docker CLI's configuration says about proxies, for this engine or for any; builds get it, too. */
export function proxyVariables({ config, info }: Pick<BodyContext, "config" | "info">): StringMap {
  const settings = config.proxies.get(info.endpoint) ?? config.proxies.get("default");
  const found = Object.entries(proxySettings).flatMap(([setting, variable]): [string, string][] => {
    const value = settings?.get(setting);
    if (value === undefined || value === "") return [];
    return [
      [variable, value],
      [variable.toLowerCase(), value],
    ];
  });
  return new Map(found);
}
