/**
 * The canonical model: a Compose project after loading. Only long forms, no nulls where absence will do.
 *
 * Keys of things that the Compose specification names are the specification's own words (`mem_limit`, not `memLimit`):
 * a field is called the same in the file, the model, a plan's "environment.FOO changed" and in `config`'s output, and
 * no mapping table can go stale. Our own words (`workingDir`) are camelCase. Durations are milliseconds, sizes bytes.
 */
import type { Service } from "./service.ts";
import type { Json, StringMap } from "./values.ts";

export type * from "./service.ts";
export type * from "./values.ts";

export interface Project {
  readonly name: string;
  readonly workingDir: string;
  /** Absolute paths; "-" for standard input; a remote reference as the user wrote it. */
  readonly files: readonly string[];
  /** Given with --env-file (absolute); empty when the default .env is used. */
  readonly envFiles: readonly string[];
  /** What interpolation saw: process environment over env files. */
  readonly environment: StringMap;
  readonly profiles: readonly string[];
  /** Enabled and selected, in the order of their names. */
  readonly services: ReadonlyMap<string, Service>;
  /** Known, but switched off by a profile or not selected. */
  readonly disabledServices: ReadonlyMap<string, Service>;
  readonly networks: ReadonlyMap<string, Network>;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly secrets: ReadonlyMap<string, FileObject>;
  readonly configs: ReadonlyMap<string, FileObject>;
  readonly models: ReadonlyMap<string, Model>;
  readonly extensions: ReadonlyMap<string, Json>;
  /** `--compatibility`: names are joined with "_" instead of "-". */
  readonly separator: "-" | "_";
  /** Where each resource was declared, keyed "services.web"; for messages after loading. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** A place as a person reads it; `line` and `column` count from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Network {
  readonly key: string;
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly ipam?: Ipam;
  readonly external?: boolean;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: StringMap;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
  readonly extensions?: ReadonlyMap<string, Json>;
}

export interface Ipam {
  readonly driver?: string;
  readonly config?: readonly IpamPool[];
  readonly options?: StringMap;
}

export interface IpamPool {
  readonly subnet?: string;
  readonly gateway?: string;
  readonly ip_range?: string;
  readonly aux_addresses?: StringMap;
}

export interface Volume {
  readonly key: string;
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly external?: boolean;
  readonly labels?: StringMap;
  readonly extensions?: ReadonlyMap<string, Json>;
}

/** A top-level secret or config. */
export interface FileObject {
  readonly key: string;
  readonly name: string;
  readonly file?: string;
  /** Name of the variable; its value is in `value`. */
  readonly environment?: string;
  /** configs only: written in the file. */
  readonly content?: string;
  readonly external?: boolean;
  readonly labels?: StringMap;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly template_driver?: string;
  /** The resolved value of `environment`; never printed, never hashed. Absent: the variable is not set. */
  readonly value?: string;
  readonly extensions?: ReadonlyMap<string, Json>;
}

export interface Model {
  readonly key: string;
  readonly name?: string;
  readonly model: string;
  readonly context_size?: number;
  readonly runtime_flags?: readonly string[];
  readonly extensions?: ReadonlyMap<string, Json>;
}
