import { setTimeout as sleep } from "node:timers/promises";

import { RemoteError } from "./error.ts";
import { authorization, type Scope } from "./registry-login.ts";
import type { Repository } from "./registry.ts";

/** What somebody is known by at a registry. */
export interface RegistryLogin {
  readonly username?: string;
  readonly password?: string;
  /** What `docker login` keeps instead of a password where a token server hands it out. */
  readonly identitytoken?: string;
  /** Sent as it is. */
  readonly registrytoken?: string;
}

export interface RegistryAccess {
  /** Absent: nobody is logged in there. */
  readonly credentials: (registry: string) => Promise<RegistryLogin | undefined>;
  /** Registries that are spoken to without TLS: "registry.local:5000". */
  readonly insecure?: readonly string[];
  /** Absent: Node's own, which knows no proxies. */
  readonly fetch?: RegistryFetch;
}

export type RegistryFetch = (
  address: string | URL,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array<ArrayBuffer> | URLSearchParams;
    readonly signal?: AbortSignal;
  },
) => Promise<Response>;

export interface RegistryRequest {
  readonly repository: Repository;
  /** Below the repository: "manifests/latest". */
  readonly path: string;
  /** Where the registry itself has said to go. */
  readonly url?: URL;
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  readonly action: "pull" | "push";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | Uint8Array | string;
  /** A repository that is read from on the way. */
  readonly from?: Repository | undefined;
  /** 404 is an answer, too. */
  readonly absentIsFine?: boolean;
}

export interface Door {
  /** What the registry does not allow or have becomes a RemoteError. */
  request(request: RegistryRequest): Promise<Response>;
}

/** The one way to registries: finds out who may enter, and how. Tokens are fetched as a registry asks for them. */
export function openDoor(access: RegistryAccess, signal: AbortSignal | undefined): Door {
  const askAt: RegistryFetch = access.fetch ?? fetch;
  const tokens = new Map<string, string>();
  const bases = new Map<string, string>();
  return {
    async request(request) {
      const { repository, action, from } = request;
      const key = `${repository.domain} ${repository.path} ${action} ${from?.path ?? ""}`;
      const send = async (): Promise<Response> => {
        // Elsewhere, where the registry may send an upload to, our credentials are nobody's business.
        const elsewhere = request.url !== undefined && request.url.origin !== bases.get(repository.domain);
        const token = elsewhere ? undefined : tokens.get(key);
        const headers = { ...request.headers, ...(token !== undefined && { authorization: token }) };
        return persistently(
          () => reach(request, { headers, bases, insecure: access.insecure ?? [], askAt, signal }),
          signal,
        );
      };
      const first = await send();
      if (first.status !== 401) return accept(first, request);
      const challenge = first.headers.get("www-authenticate") ?? "";
      const login = await access.credentials(repository.domain);
      const scope: Scope = { repository, action, from };
      tokens.set(key, await authorization(challenge, { scope, login, askAt, signal }));
      return accept(await send(), request);
    },
  };
}

const pausesMs = [300, 1000];

/** What fails on the way, or at a registry that is just starting, may work in a moment; all that we send can be sent twice. */
async function persistently(attempt: () => Promise<Response>, signal: AbortSignal | undefined): Promise<Response> {
  for (const pause of pausesMs) {
    try {
      const answer = await attempt();
      if (!mayWorkInAMoment(answer.status)) return answer;
    } catch (error) {
      if (!(error instanceof RemoteError) || !error.transient) throw error;
    }
    await sleep(pause, undefined, signal === undefined ? {} : { signal });
  }
  return attempt();
}

/** A registry says 500 also of a tag that somebody is writing at this moment; 501 and 505 stay what they are. */
function mayWorkInAMoment(status: number): boolean {
  return status === 500 || (status >= 502 && status <= 504);
}

interface Way {
  readonly headers: Readonly<Record<string, string>>;
  /** Registry → how it was reached before. */
  readonly bases: Map<string, string>;
  readonly insecure: readonly string[];
  readonly askAt: RegistryFetch;
  readonly signal: AbortSignal | undefined;
}

/** As the engine does, registries on this machine may speak plain HTTP; others only where the user says so. */
async function reach(request: RegistryRequest, { headers, bases, insecure, askAt, signal }: Way): Promise<Response> {
  const { method, body, repository, path, url } = request;
  const { domain } = repository;
  const host = domain === "docker.io" ? "registry-1.docker.io" : domain;
  const known = bases.get(domain);
  const init = {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === "string" ? body : new Uint8Array(body) }),
    ...(signal !== undefined && { signal }),
  };
  const via = async (base: string): Promise<Response> => {
    const answer = await askAt(url ?? `${base}/v2/${repository.path}/${path}`, init);
    bases.set(domain, base);
    return answer;
  };
  const plain = insecure.includes(domain);
  try {
    return await via(known ?? `${plain ? "http" : "https"}://${host}`);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    if (known === undefined && !plain && isLoopback(domain)) {
      const answer = await via(`http://${host}`).catch(() => undefined);
      if (answer !== undefined) return answer;
    }
    throw unreachable(domain, error);
  }
}

function isLoopback(domain: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(domain);
}

function unreachable(domain: string, error: unknown): RemoteError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  const transient = /ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|socket hang up|other side closed|EAI_AGAIN/.test(
    `${cause} ${codeOf(error)}`,
  );
  const speaksPlainly = /wrong version number|packet length too long/i.test(cause);
  return new RemoteError(
    `the registry ${domain} cannot be reached: ${speaksPlainly ? "it does not speak TLS" : cause}`,
    speaksPlainly
      ? `if that is meant so: --insecure-registry ${domain}`
      : "check the name, the network and the proxy settings",
    { transient },
  );
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
}

async function accept(response: Response, request: RegistryRequest): Promise<Response> {
  const { status } = response;
  if (response.ok || (status === 404 && request.absentIsFine === true)) return response;
  const { repository, action } = request;
  const name = `${repository.domain}/${repository.path}`;
  if (status === 401 || status === 403) {
    throw new RemoteError(
      `the registry ${repository.domain} does not let you ${action === "pull" ? "read" : "write"} ${name}`,
      `log in to ${repository.domain} first (docker login), or check that you may ${action === "pull" ? "read" : "write"} it`,
      { status },
    );
  }
  if (status === 404) {
    throw new RemoteError(`${name} was not found in the registry`, "check the name and the tag", { status });
  }
  const said = /"message":\s*"([^"]+)"/.exec(await response.text().catch(() => ""))?.[1];
  const why = said === undefined ? "" : `: ${said}`;
  throw new RemoteError(
    `the registry ${repository.domain} answered with status ${status} for ${name}${why}`,
    undefined,
    { status },
  );
}
