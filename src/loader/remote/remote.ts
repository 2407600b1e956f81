import type { StringMap } from "../../model/project.ts";
import { RemoteError } from "./error.ts";
import { fetchGit } from "./git.ts";
import { fetchArtifact } from "./oci.ts";
import { isArtifactReference } from "./reference.ts";
import type { RegistryAccess } from "./registry-door.ts";

export interface RemoteOptions {
  readonly environment: StringMap;
  readonly registry: RegistryAccess;
  readonly signal?: AbortSignal | undefined;
}

/** What a remote reference became on this machine. */
export interface RemoteFile {
  /** The compose file, in a cache folder that is named after its content's digest or commit. */
  readonly path: string;
  readonly workingDir: string;
  /** The folder of all that came with it. */
  readonly root: string;
}

/** Brings a compose file from a git repository or a registry; rejects with a RemoteError that says what to do. */
export async function fetchRemote(reference: string, options: RemoteOptions): Promise<RemoteFile> {
  const artifact = isArtifactReference(reference);
  const variable = artifact ? "COMPOSE_EXPERIMENTAL_OCI_REMOTE" : "COMPOSE_EXPERIMENTAL_GIT_REMOTE";
  if (/^(0|f|false)$/i.test(options.environment.get(variable) ?? "")) {
    throw new RemoteError(`remote files are switched off by ${variable}`, `unset ${variable} to use "${reference}"`);
  }
  return artifact ? fetchArtifact(reference, options) : fetchGit(reference, options);
}
