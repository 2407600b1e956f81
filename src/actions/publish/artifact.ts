import { createHash } from "node:crypto";

import { RemoteError } from "../../loader/remote/error.ts";
import { mediaTypes } from "../../loader/remote/media-types.ts";
import type { Descriptor, Registry, Repository } from "../../loader/remote/registry.ts";
import { composeVersion } from "../../model/labels.ts";

/** One file of the artifact. */
export interface Layer {
  readonly kind: "compose" | "extended" | "env";
  readonly name: string;
  readonly text: string;
}

export interface Destination {
  readonly repository: Repository;
  readonly tag: string;
}

const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const emptyType = "application/vnd.oci.empty.v1+json";

export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Uploads the files and the manifest that makes them a project; returns the manifest. */
export async function uploadArtifact(
  registry: Registry,
  { repository, tag }: Destination,
  { layers, ociVersion }: { readonly layers: readonly Layer[]; readonly ociVersion: "1.0" | "1.1" | undefined },
): Promise<Descriptor> {
  for (const text of ["{}", ...layers.map((layer) => layer.text)]) {
    await registry.putBlob(repository, { digest: digestOf(text), content: async () => new TextEncoder().encode(text) });
  }
  const created = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const put = async (version: "1.0" | "1.1"): Promise<Descriptor> => {
    const text = JSON.stringify(manifestOf(layers, version, created));
    await registry.putManifest(repository, tag, { mediaType: ociManifest, text });
    return { mediaType: ociManifest, digest: digestOf(text), size: Buffer.byteLength(text) };
  };
  if (ociVersion !== undefined) return put(ociVersion);
  try {
    return await put("1.1");
  } catch (error) {
    // Registries that know no artifact types refuse what they do not know, and take what they do.
    const tooNew = error instanceof RemoteError && error.status >= 400 && error.status < 500;
    if (!tooNew || error.status === 401 || error.status === 403) throw error;
    return put("1.0");
  }
}

function manifestOf(layers: readonly Layer[], version: "1.0" | "1.1", created: string): object {
  const empty = { digest: digestOf("{}"), size: 2, data: "e30=" };
  const kind =
    version === "1.1"
      ? { artifactType: mediaTypes.project, config: { mediaType: emptyType, ...empty } }
      : { config: { mediaType: mediaTypes.emptyConfig, ...empty } };
  return {
    schemaVersion: 2,
    mediaType: ociManifest,
    ...kind,
    layers: layers.map(descriptorOf),
    annotations: { "org.opencontainers.image.created": created },
  };
}

function descriptorOf({ kind, name, text }: Layer): Descriptor {
  const annotations = {
    "com.docker.compose.version": composeVersion,
    ...(kind === "env" ? { "com.docker.compose.envfile": name } : { "com.docker.compose.file": name }),
    ...(kind === "extended" && { "com.docker.compose.extends": "true" }),
  };
  const mediaType = kind === "env" ? mediaTypes.envFile : mediaTypes.composeFile;
  return { mediaType, digest: digestOf(text), size: Buffer.byteLength(text), annotations };
}
