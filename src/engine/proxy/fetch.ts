import type { StringMap } from "../../model/project.ts";
import { namesProxy } from "./proxy-for.ts";

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | URLSearchParams;
  readonly signal?: AbortSignal;
}

/** What `fetch` is here: Node's own knows no proxies before release 24. */
export type Fetch = (address: string | URL, options?: FetchOptions) => Promise<Response>;

/** Over the proxies that the environment names, if it does. */
export function fetchWith(environment: StringMap): Fetch {
  if (!namesProxy(environment)) return (address, options) => fetch(address, options);
  return async (address, options = {}) => {
    const { fetchOverProxy } = await import("./fetch-over-proxy.ts");
    return fetchOverProxy(new URL(address), options, environment);
  };
}
