/**
 * What is special about a place in a Compose file. Whatever is not listed is merged by the default rules and left as it
 * is written; merge, unique, cast, canonical and paths are short interpreters of this table.
 */
export interface FieldRule {
  /** How an override is combined with what it overrides; default: mappings by key, lists end to end, scalars replaced. */
  readonly merge?:
    | "replace"
    | "pairs"
    | "sequence"
    | "hosts"
    | "build"
    | "dependencies"
    | "names"
    | "logging"
    | "subnets";
  /** What makes two items of a list the same, so that the later one replaces the earlier. */
  readonly unique?: "pair" | "text" | "path" | "port" | "mount" | "device" | "secret" | "config";
  /** What a string becomes after variables were put in. */
  readonly cast?: "integer" | "number" | "boolean";
  /** From the short form to the long one. */
  readonly canonical?:
    | "build"
    | "file-mount"
    | "text"
    | "context-map"
    | "ssh"
    | "dependencies"
    | "env-files"
    | "list"
    | "extends"
    | "gpus"
    | "names"
    | "mount"
    | "device"
    | "ports"
    | "external";
  /** How a relative path is resolved; absent: it is none, or somebody else resolves it. */
  readonly path?: "plain" | "windows" | "context" | "watch" | "mount" | "device";
  /** Numbers and booleans below become text, which is not always the text that was written. */
  readonly texts?: true;
}

const pairs = { merge: "pairs", unique: "pair", texts: true } as const;
const words = { merge: "sequence", unique: "pair" } as const;
const integer = { cast: "integer" } as const;
const number = { cast: "number" } as const;
const boolean = { cast: "boolean" } as const;
const external = { canonical: "external" } as const;

/** `*` is any key, `[]` any item. The same pattern twice does not compile. */
const rows = {
  "services.*.annotations": pairs,
  "services.*.build": { merge: "build", canonical: "build" },
  "services.*.build.additional_contexts": { ...pairs, canonical: "context-map" },
  "services.*.build.additional_contexts.*": { path: "context" },
  "services.*.build.args": pairs,
  "services.*.build.context": { path: "context" },
  "services.*.build.extra_hosts": { merge: "hosts" },
  "services.*.build.labels": pairs,
  "services.*.build.provenance": { canonical: "text" },
  "services.*.build.sbom": { canonical: "text" },
  "services.*.build.secrets[]": { canonical: "file-mount" },
  "services.*.build.ssh": { canonical: "ssh" },
  "services.*.build.ssh.*": { path: "windows" },
  "services.*.build.tags": { unique: "pair" },
  "services.*.cap_add": { unique: "pair" },
  "services.*.cap_drop": { unique: "pair" },
  "services.*.command": { merge: "replace" },
  "services.*.configs": { unique: "config" },
  "services.*.configs[]": { canonical: "file-mount" },
  "services.*.cpu_count": integer,
  "services.*.cpu_percent": number,
  "services.*.cpu_period": integer,
  "services.*.cpu_quota": integer,
  "services.*.cpu_rt_period": integer,
  "services.*.cpu_rt_runtime": integer,
  "services.*.cpu_shares": integer,
  "services.*.cpus": number,
  "services.*.depends_on": { merge: "dependencies", canonical: "dependencies" },
  "services.*.depends_on.*.required": boolean,
  "services.*.depends_on.*.restart": boolean,
  "services.*.deploy.labels": pairs,
  "services.*.deploy.placement.max_replicas_per_node": integer,
  "services.*.deploy.replicas": integer,
  "services.*.deploy.restart_policy.max_attempts": integer,
  "services.*.deploy.rollback_config.max_failure_ratio": number,
  "services.*.deploy.rollback_config.parallelism": integer,
  "services.*.deploy.update_config.max_failure_ratio": number,
  "services.*.deploy.update_config.parallelism": integer,
  "services.*.develop.watch[].ignore": { canonical: "list" },
  "services.*.develop.watch[].include": { canonical: "list" },
  "services.*.develop.watch[].path": { path: "watch" },
  "services.*.devices": { unique: "device" },
  "services.*.devices[]": { canonical: "device" },
  "services.*.dns": { ...words, canonical: "list" },
  "services.*.dns_opt": words,
  "services.*.dns_search": words,
  "services.*.entrypoint": { merge: "replace" },
  "services.*.env_file": { merge: "sequence", unique: "path", canonical: "env-files" },
  "services.*.env_file[].path": { path: "plain" },
  "services.*.environment": pairs,
  "services.*.expose": { unique: "text" },
  "services.*.extends": { canonical: "extends" },
  "services.*.extends.file": { path: "plain" },
  "services.*.extra_hosts": { merge: "hosts" },
  "services.*.gpus": { canonical: "gpus" },
  "services.*.healthcheck.disable": boolean,
  "services.*.healthcheck.retries": integer,
  "services.*.healthcheck.test": { merge: "replace" },
  "services.*.init": boolean,
  "services.*.label_file": { merge: "sequence", canonical: "list" },
  "services.*.label_file[]": { path: "plain" },
  "services.*.labels": pairs,
  "services.*.links": { unique: "pair" },
  "services.*.logging": { merge: "logging" },
  "services.*.logging.options": { texts: true },
  "services.*.models": { merge: "names", canonical: "names" },
  "services.*.networks": { merge: "names", canonical: "names" },
  "services.*.networks.*.aliases": { unique: "pair" },
  "services.*.networks.*.link_local_ips": { unique: "pair" },
  "services.*.oom_kill_disable": boolean,
  "services.*.oom_score_adj": integer,
  "services.*.pids_limit": integer,
  "services.*.ports": { unique: "port", canonical: "ports" },
  "services.*.ports[].target": integer,
  "services.*.privileged": boolean,
  "services.*.profiles": { unique: "pair" },
  "services.*.read_only": boolean,
  "services.*.scale": integer,
  "services.*.secrets": { unique: "secret" },
  "services.*.secrets[]": { canonical: "file-mount" },
  "services.*.stdin_open": boolean,
  "services.*.sysctls": pairs,
  "services.*.tmpfs": words,
  "services.*.tty": boolean,
  "services.*.ulimits.*": { merge: "replace" },
  "services.*.volumes": { unique: "mount" },
  "services.*.volumes[]": { canonical: "mount", path: "mount" },
  "services.*.volumes[].read_only": boolean,
  "services.*.volumes[].volume.labels": { merge: "pairs" },
  "services.*.volumes[].volume.nocopy": boolean,
  "networks.*": external,
  "networks.*.attachable": boolean,
  "networks.*.driver_opts": { texts: true },
  "networks.*.enable_ipv4": boolean,
  "networks.*.enable_ipv6": boolean,
  "networks.*.external": boolean,
  "networks.*.internal": boolean,
  "networks.*.ipam.config": { merge: "subnets" },
  "networks.*.ipam.options": { unique: "pair" },
  "networks.*.labels": pairs,
  "volumes.*": { ...external, path: "device" },
  "volumes.*.driver_opts": { texts: true },
  "volumes.*.external": boolean,
  "volumes.*.labels": { merge: "pairs", texts: true },
  "secrets.*": external,
  "secrets.*.external": boolean,
  "secrets.*.file": { path: "windows" },
  "configs.*": external,
  "configs.*.external": boolean,
  "configs.*.file": { path: "windows" },
} as const satisfies Readonly<Record<string, FieldRule>>;

/** The table as a tree of keys, walked together with a document. */
export interface Field {
  readonly rule: FieldRule;
  readonly named: ReadonlyMap<string, Field>;
  readonly any: Field | undefined;
}

interface Growing {
  rule: FieldRule;
  readonly named: Map<string, Growing>;
  any: Growing | undefined;
}

const none: FieldRule = {};

export const fields: Field = compileRows();

export function fieldBelow(field: Field | undefined, key: string | number): Field | undefined {
  if (field === undefined) return undefined;
  return field.named.get(typeof key === "number" ? "[]" : key) ?? (typeof key === "string" ? field.any : undefined);
}

export function ruleOf(field: Field | undefined): FieldRule {
  return field?.rule ?? none;
}

function compileRows(): Field {
  const root = grow();
  for (const [pattern, rule] of Object.entries(rows)) {
    let field = root;
    for (const part of pattern.replaceAll("[]", ".[]").split(".")) {
      let next = part === "*" ? field.any : field.named.get(part);
      if (next === undefined) {
        next = grow();
        if (part === "*") field.any = next;
        else field.named.set(part, next);
      }
      field = next;
    }
    field.rule = rule;
  }
  return root;
}

function grow(): Growing {
  return { rule: none, named: new Map(), any: undefined };
}
