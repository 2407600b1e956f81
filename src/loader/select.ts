import { UsageError } from "../model/error.ts";
import type { Project, Service } from "../model/project.ts";
import { serviceHint } from "./check/subject.ts";
import { compileGlob, isGlob } from "./syntax/glob.ts";

type Services = ReadonlyMap<string, Service>;

export interface Enabled {
  readonly enabled: Services;
  readonly disabled: Services;
  /** Those asked for, and those of services that were named. */
  readonly profiles: readonly string[];
}

export interface Selection {
  readonly services: readonly string[];
  /** False: only the named services, not what they need. */
  readonly dependencies: boolean;
}

/** Naming a service switches its profiles on, and so whatever else is in them. */
export function enable(services: Services, profiles: readonly string[], named: readonly string[]): Enabled {
  const first = split(services, profiles);
  const more = named.flatMap((name) => first.disabled.get(name)?.profiles ?? []);
  return more.length === 0 ? first : split(services, [...new Set([...profiles, ...more])]);
}

/** The named services and, unless told otherwise, all that they need. */
export function select({ enabled, disabled, profiles }: Enabled, selection: Selection): Enabled {
  const named = selection.services.flatMap((pattern) => match(pattern, enabled));
  const selected = new Set(named);
  // A Set may grow while it is walked: this is the queue of services whose dependencies are still to be added.
  for (const name of selection.dependencies ? selected : []) {
    for (const [dependency, { required }] of enabled.get(name)?.depends_on ?? []) {
      if (enabled.has(dependency)) selected.add(dependency);
      else if (required) throw noSuchService(dependency, enabled);
    }
  }
  const rest = new Map(disabled);
  const kept = new Map<string, Service>();
  for (const [name, service] of enabled) {
    if (selected.has(name)) kept.set(name, withoutEdges(service, selected));
    else rest.set(name, service);
  }
  return { enabled: kept, disabled: rest, profiles };
}

type Resources = Pick<Project, "networks" | "volumes" | "secrets" | "configs" | "models">;

/** Leaves out what no enabled service uses. */
export function prune(resources: Resources, services: Services): Resources {
  const used = { networks: new Set(), volumes: new Set(), secrets: new Set(), configs: new Set(), models: new Set() };
  for (const service of services.values()) {
    for (const name of service.networks?.keys() ?? []) used.networks.add(name);
    for (const mount of service.volumes ?? []) if (mount.type === "volume") used.volumes.add(mount.source);
    for (const { source } of [...(service.secrets ?? []), ...(service.build?.secrets ?? [])]) used.secrets.add(source);
    for (const { source } of service.configs ?? []) used.configs.add(source);
    for (const name of service.models?.keys() ?? []) used.models.add(name);
  }
  return {
    networks: only(resources.networks, used.networks),
    volumes: only(resources.volumes, used.volumes),
    secrets: only(resources.secrets, used.secrets),
    configs: only(resources.configs, used.configs),
    models: only(resources.models, used.models),
  };
}

function split(services: Services, profiles: readonly string[]): Enabled {
  const active = new Set(profiles);
  const enabled = new Map<string, Service>();
  const disabled = new Map<string, Service>();
  for (const [name, service] of services) {
    const own = service.profiles ?? [];
    const isEnabled = own.length === 0 || active.has("*") || own.some((profile) => active.has(profile));
    (isEnabled ? enabled : disabled).set(name, service);
  }
  return { enabled, disabled, profiles };
}

function match(pattern: string, enabled: Services): readonly string[] {
  if (enabled.has(pattern)) return [pattern];
  const matches = isGlob(pattern) ? compileGlob(pattern) : undefined;
  const found = matches === undefined ? [] : [...enabled.keys()].filter((name) => matches(name));
  if (found.length === 0) throw noSuchService(pattern, enabled);
  return found;
}

function noSuchService(name: string, enabled: Services): UsageError {
  return new UsageError(`no such service: ${name}`, serviceHint(name, enabled.keys()));
}

function withoutEdges(service: Service, selected: ReadonlySet<string>): Service {
  const { depends_on } = service;
  if (depends_on === undefined) return service;
  const kept = new Map([...depends_on].filter(([name]) => selected.has(name)));
  return kept.size === depends_on.size ? service : { ...service, depends_on: kept };
}

function only<T>(resources: ReadonlyMap<string, T>, used: ReadonlySet<unknown>): ReadonlyMap<string, T> {
  return new Map([...resources].filter(([key]) => used.has(key)));
}
