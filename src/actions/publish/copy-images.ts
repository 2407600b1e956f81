import type { Descriptor, Manifest, Registry, Repository } from "../../loader/remote/registry.ts";
import { composeVersion } from "../../model/labels.ts";
import { digestOf } from "./artifact.ts";

export interface ImageSource {
  readonly repository: Repository;
  /** A tag or a digest. */
  readonly reference: string;
}

const ociIndex = "application/vnd.oci.image.index.v1+json";

/** Brings the images into the artifact's repository, and an index there that says that they belong to it. */
export async function attachImages(
  registry: Registry,
  { repository, subject }: { readonly repository: Repository; readonly subject: Descriptor },
  images: readonly ImageSource[],
): Promise<void> {
  const manifests: Descriptor[] = [];
  for (const image of images) manifests.push(await copyImage(registry, image, repository));
  const annotations = { "com.docker.compose.version": composeVersion };
  const text = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests, subject, annotations });
  await registry.putManifest(repository, digestOf(text), { mediaType: ociIndex, text });
}

async function copyImage(registry: Registry, image: ImageSource, to: Repository): Promise<Descriptor> {
  const { digest, mediaType, text, manifest } = await registry.manifest(image.repository, image.reference);
  // Of an image for several platforms each has to be there before the list of them is taken.
  for (const each of manifest.manifests ?? []) {
    await copyImage(registry, { repository: image.repository, reference: each.digest }, to);
  }
  for (const blob of blobsOf(manifest)) await copyBlob(registry, { blob, from: image.repository, to });
  await registry.putManifest(to, digest, { mediaType, text });
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

function blobsOf({ config, layers = [] }: Manifest): readonly Descriptor[] {
  return config === undefined ? layers : [config, ...layers];
}

/** Within one registry nothing travels. */
function copyBlob(
  registry: Registry,
  { blob, from, to }: { readonly blob: Descriptor; readonly from: Repository; readonly to: Repository },
): Promise<void> {
  return registry.putBlob(to, {
    digest: blob.digest,
    content: () => registry.blob(from, blob.digest),
    ...(from.domain === to.domain && { from }),
  });
}
