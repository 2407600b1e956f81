import { createHash } from "node:crypto";

import { CancelledError } from "../../model/error.ts";
import { RemoteError } from "./error.ts";
import { openDoor, type RegistryAccess, type RegistryRequest } from "./registry-door.ts";

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

/** Of an artifact or an image; an index has `manifests` instead of layers. */
export interface Manifest {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/** The HTTP API of registries, as far as published projects need it. */
export interface Registry {
  manifest(repository: Repository, reference: string): Promise<FoundManifest>;
  /** The digest that a tag stands for now. */
  digest(repository: Repository, reference: string): Promise<string>;
  blob(repository: Repository, digest: string): Promise<Uint8Array>;
  /** Stores it unless it is there; `from`: a repository of the same registry that has it. */
  putBlob(repository: Repository, blob: NewBlob): Promise<void>;
  /** Returns the digest. */
  putManifest(repository: Repository, reference: string, manifest: NewManifest): Promise<string>;
}

export interface FoundManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
  readonly manifest: Manifest;
}

export interface NewBlob {
  readonly digest: string;
  readonly content: () => Promise<Uint8Array>;
  readonly from?: Repository | undefined;
}

export interface NewManifest {
  readonly mediaType: string;
  readonly text: string;
}

export function openRegistry(access: RegistryAccess, signal?: AbortSignal): Registry {
  const door = openDoor(access, signal);
  const unlessCancelled = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw signal?.aborted === true ? new CancelledError() : error;
    });
  const request = (wanted: RegistryRequest): Promise<Response> => unlessCancelled(door.request(wanted));
  const bytesOf = async (response: Response): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await unlessCancelled(response.arrayBuffer()));
  const read = (repository: Repository, path: string, method: "GET" | "HEAD" = "GET"): Promise<Response> =>
    request({ repository, path, method, action: "pull", headers: { accept: manifestTypes } });
  return {
    async manifest(repository, reference) {
      const response = await read(repository, `manifests/${reference}`);
      const bytes = await bytesOf(response);
      const text = new TextDecoder().decode(bytes);
      const digest = sha256(bytes);
      if (reference.startsWith("sha256:") && reference !== digest) throw damaged(repository, reference);
      const mediaType = response.headers.get("content-type") ?? "";
      return { digest, mediaType, text, manifest: parseManifest(text, repository) };
    },
    async digest(repository, reference) {
      const digest = (await read(repository, `manifests/${reference}`, "HEAD")).headers.get("docker-content-digest");
      if (digest === null) throw new RemoteError(`the registry ${repository.domain} does not tell digests`);
      return digest;
    },
    async blob(repository, digest) {
      const bytes = await bytesOf(await read(repository, `blobs/${digest}`));
      if (digest.startsWith("sha256:") && sha256(bytes) !== digest) throw damaged(repository, digest);
      return bytes;
    },
    async putBlob(repository, { digest, content, from }) {
      const push = { repository, action: "push", headers: {} } as const;
      const there = await request({ ...push, path: `blobs/${digest}`, method: "HEAD", absentIsFine: true });
      if (there.ok) return;
      const mount = from === undefined ? "" : `?mount=${digest}&from=${encodeURIComponent(from.path)}`;
      const begun = await request({ ...push, path: `blobs/uploads/${mount}`, method: "POST", from });
      if (begun.status === 201) return;
      const location = new URL(begun.headers.get("location") ?? "", begun.url);
      location.searchParams.set("digest", digest);
      const headers = { "content-type": "application/octet-stream" };
      await request({ ...push, url: location, path: "", method: "PUT", headers, body: await content() });
    },
    async putManifest(repository, reference, { mediaType, text }) {
      const headers = { "content-type": mediaType };
      const put = { repository, method: "PUT", action: "push", headers, body: text } as const;
      const answer = await request({ ...put, path: `manifests/${reference}` });
      return answer.headers.get("docker-content-digest") ?? "";
    },
  };
}

/** A login page of the network answers everything, too. */
function parseManifest(text: string, { domain }: Repository): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw new RemoteError(
      `${domain} does not answer as a registry does`,
      "check the name, the network and the proxy settings",
    );
  }
}

function sha256(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** What is cached under a digest has to be what the digest says. */
function damaged({ domain, path }: Repository, digest: string): RemoteError {
  return new RemoteError(`${domain}/${path} came damaged: it is not what ${digest} stands for`, "try again");
}
