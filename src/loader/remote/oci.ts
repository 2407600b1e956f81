import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { parseImageReference } from "../syntax/image-reference.ts";
import { cachedFolder } from "./cache.ts";
import { RemoteError } from "./error.ts";
import { mediaTypes } from "./media-types.ts";
import { type Descriptor, type Manifest, type Registry, type Repository, openRegistry } from "./registry.ts";
import type { RemoteFile, RemoteOptions } from "./remote.ts";

const scheme = "oci://";
const { composeFile: composeLayer, envFile: envLayer } = mediaTypes;

/** A project that was published to a registry; its layers are compose files and env files. */
export async function fetchArtifact(reference: string, options: RemoteOptions): Promise<RemoteFile> {
  const name = parseImageReference(reference.slice(scheme.length));
  if (!name.ok) throw new RemoteError(name.message, name.hint);
  const repository: Repository = name.value;
  const registry = openRegistry(options.registry, options.signal);
  const { digest, manifest } = await registry.manifest(repository, name.value.digest ?? name.value.tag ?? "latest");
  if (!isPublishedProject(manifest)) {
    throw new RemoteError(
      `${reference} is not a published compose project`,
      "it may be an ordinary image; publish a project with the publish command",
    );
  }
  const folder = await cachedFolder(options.environment, `oci-${digest.replace(":", "-")}`, (draft) =>
    unpack(draft, manifest.layers ?? [], registry, repository),
  );
  return { path: join(folder, "compose.yaml"), workingDir: folder, root: folder };
}

/** Registries that know no artifact types tell it by the type of the empty configuration. */
function isPublishedProject({ artifactType = "", config }: Manifest): boolean {
  return artifactType === "" ? config?.mediaType === mediaTypes.emptyConfig : artifactType === mediaTypes.project;
}

/** The files that were given with -f become one of several documents; those that `extends` names lie beside it. */
async function unpack(
  folder: string,
  layers: readonly Descriptor[],
  registry: Registry,
  repository: Repository,
): Promise<void> {
  const main: string[] = [];
  for (const layer of layers) {
    const { [fileName(layer.mediaType)]: name = "", "com.docker.compose.extends": extended } = layer.annotations ?? {};
    if (layer.mediaType !== composeLayer && layer.mediaType !== envLayer) continue;
    const content = new TextDecoder().decode(await registry.blob(repository, layer.digest));
    if (layer.mediaType === composeLayer && extended !== "true") main.push(content);
    else await writeFile(join(folder, safeName(name)), content);
  }
  if (main.length === 0) throw new RemoteError("the published project has no compose file");
  await writeFile(join(folder, "compose.yaml"), main.join("\n---\n"));
}

function fileName(mediaType: string): string {
  return mediaType === envLayer ? "com.docker.compose.envfile" : "com.docker.compose.file";
}

/** A published name is a plain file name; anything else would write outside of the cache. */
function safeName(name: string): string {
  if (name === "" || name !== basename(name) || name === ".." || name === ".") {
    throw new RemoteError(`the published project has a file with the unsafe name "${name}"`);
  }
  return name;
}
