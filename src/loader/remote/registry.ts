import { RemoteError } from "./error.ts";

export interface RegistryAccess {
  /** Absent: nobody is logged in there. */
  readonly credentials: (
    registry: string,
  ) => Promise<{ readonly username: string; readonly password: string } | undefined>;
}

export interface Repository {
  /** "docker.io", "localhost:5000" */
  readonly domain: string;
  readonly path: string;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly artifactType?: string;
  readonly layers?: readonly Descriptor[];
}

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/** Reads from registries over their HTTP API; tokens are fetched as the registry asks for them. */
export interface Registry {
  manifest(
    repository: Repository,
    reference: string,
  ): Promise<{ readonly digest: string; readonly manifest: Manifest }>;
  /** The digest that a tag stands for now. */
  digest(repository: Repository, reference: string): Promise<string>;
  blob(repository: Repository, digest: string): Promise<string>;
}

export function openRegistry(access: RegistryAccess, signal?: AbortSignal): Registry {
  const tokens = new Map<string, string>();
  const get = async (repository: Repository, path: string, method: "GET" | "HEAD" = "GET"): Promise<Response> => {
    const url = `/v2/${repository.path}/${path}`;
    const first = await reach(repository.domain, url, {
      method,
      headers: headers(tokens.get(repository.path)),
      ...(signal !== undefined && { signal }),
    });
    if (first.status !== 401) return accept(first, repository);
    const token = await authorize(first.headers.get("www-authenticate") ?? "", repository, access);
    tokens.set(repository.path, token);
    return accept(
      await reach(repository.domain, url, { method, headers: headers(token), ...(signal !== undefined && { signal }) }),
      repository,
    );
  };
  return {
    async manifest(repository, reference) {
      const response = await get(repository, `manifests/${reference}`);
      const text = await response.text();
      return {
        digest: response.headers.get("docker-content-digest") ?? reference,
        manifest: JSON.parse(text) as Manifest,
      };
    },
    async digest(repository, reference) {
      const digest = (await get(repository, `manifests/${reference}`, "HEAD")).headers.get("docker-content-digest");
      if (digest === null) throw new RemoteError(`the registry ${repository.domain} does not tell digests`);
      return digest;
    },
    blob: async (repository, digest) => (await get(repository, `blobs/${digest}`)).text(),
  };
}

function headers(authorization: string | undefined): Record<string, string> {
  return { accept: manifestTypes, ...(authorization !== undefined && { authorization }) };
}

/** As the engine does, registries on this machine may speak plain HTTP; others never. */
async function reach(domain: string, url: string, init: RequestInit): Promise<Response> {
  const host = domain === "docker.io" ? "registry-1.docker.io" : domain;
  try {
    return await fetch(`https://${host}${url}`, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    if (isLoopback(domain)) {
      const plain = await fetch(`http://${host}${url}`, init).catch(() => undefined);
      if (plain !== undefined) return plain;
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new RemoteError(
      `the registry ${domain} cannot be reached: ${cause}`,
      "check the name, the network and the proxy settings",
    );
  }
}

function isLoopback(domain: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(domain);
}

function accept(response: Response, repository: Repository): Response {
  if (response.ok) return response;
  const name = `${repository.domain}/${repository.path}`;
  if (response.status === 401 || response.status === 403) {
    throw new RemoteError(
      `the registry ${repository.domain} does not let you read ${name}`,
      `log in to ${repository.domain} first (docker login), or check that you may read it`,
    );
  }
  if (response.status === 404)
    throw new RemoteError(`${name} was not found in the registry`, "check the name and the tag");
  throw new RemoteError(`the registry ${repository.domain} answered with status ${response.status} for ${name}`);
}

/** Answers the registry's challenge: Basic with what is stored, Bearer with a token of the server that it names. */
async function authorize(challenge: string, repository: Repository, access: RegistryAccess): Promise<string> {
  const known = await access.credentials(repository.domain);
  const basic =
    known === undefined ? undefined : `Basic ${Buffer.from(`${known.username}:${known.password}`).toString("base64")}`;
  if (/^basic/i.test(challenge)) return basic ?? "";
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
  const realm = parameters.get("realm");
  if (realm === undefined) return basic ?? "";
  const url = new URL(realm);
  url.searchParams.set("service", parameters.get("service") ?? "");
  url.searchParams.set("scope", parameters.get("scope") ?? `repository:${repository.path}:pull`);
  const answer = await fetch(url, { headers: basic === undefined ? {} : { authorization: basic } });
  if (!answer.ok)
    throw new RemoteError(
      `the registry ${repository.domain} did not accept the stored credentials`,
      `log in to ${repository.domain} again`,
    );
  const { token, access_token } = (await answer.json()) as { readonly token?: string; readonly access_token?: string };
  return `Bearer ${token ?? access_token ?? ""}`;
}
