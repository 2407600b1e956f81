import type { Diagnostic, Span } from "../model/diagnostic.ts";
import type { Json, StringMap } from "../model/project.ts";
import type { History } from "./history.ts";
import type { NamedBy } from "./project-name.ts";
import type { RegistryAccess } from "./remote/registry-door.ts";
import type { MapTree } from "./tree.ts";

/** Which project to load, and how far to go with it. */
export interface LoadOptions {
  /** Where relative `files` and the search for default names start. */
  readonly cwd: string;
  /** The process environment; wins over env files. */
  readonly environment: StringMap;
  /** Paths, "-" for standard input, git URLs, `oci://`. Empty or absent: COMPOSE_FILE, else the default names. */
  readonly files?: readonly string[];
  /** A project without a file: what a file would say, as JavaScript data. `files` then come after it. */
  readonly document?: Json;
  readonly projectDirectory?: string | undefined;
  readonly projectName?: string | undefined;
  /** Empty or absent: COMPOSE_PROFILES. */
  readonly profiles?: readonly string[];
  /** Empty or absent: COMPOSE_ENV_FILES, else `.env`. */
  readonly envFiles?: readonly string[];
  readonly compatibility?: boolean;
  readonly stdin?: () => Promise<string>;
  /** How registries are reached for `oci://` files. */
  readonly registry?: RegistryAccess;
  /** Registries that are spoken to without TLS: "registry.local:5000". */
  readonly insecureRegistries?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** What a compose file that is a program writes to its output; absent: nobody sees it. */
  readonly onPrinted?: ((text: string) => void) | undefined;
  /** True: nothing is run and nothing is fetched; where a file would have to be, that is an error. */
  readonly passive?: boolean;
  /** False: `${…}` stays as it is written. */
  readonly interpolate?: boolean;
  /** False: relative paths stay relative. */
  readonly resolvePaths?: boolean;
  readonly normalize?: boolean;
  readonly checkConsistency?: boolean;
  /** False: `env_file` is not read. */
  readonly resolveEnvironment?: boolean;
  /** Only these services; absent: all that the profiles enable. */
  readonly select?: { readonly services: readonly string[]; readonly dependencies: boolean };
  /** Also the env files of services that are not selected are read, so that a mistake in them is found. */
  readonly readUnselected?: boolean;
  /** Keep networks, volumes, secrets and configs that no enabled service uses. */
  readonly allResources?: boolean;
}

/** All files of a project as one document: validated, long forms only, paths absolute. */
export interface LoadedTree {
  readonly tree: MapTree;
  readonly name: string;
  readonly namedBy: NamedBy;
  readonly workingDir: string;
  /** Absolute paths; "-" for standard input; a remote reference as the user wrote it. */
  readonly files: readonly string[];
  /** Given with --env-file or COMPOSE_ENV_FILES, absolute; empty when the default `.env` is used. */
  readonly envFiles: readonly string[];
  readonly environment: StringMap;
  /** Where a variable of an env file is written; variables of the process have no place. */
  readonly variables: ReadonlyMap<string, Span>;
  readonly profiles: readonly string[];
  /** What each part of the tree came from; see `explain`. */
  readonly history: History;
  /** What was reported on the way; with an error among it the tree is only good for finding more mistakes. */
  readonly diagnostics: readonly Diagnostic[];
}
