import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

import { parseDotenv } from "../loader/syntax/dotenv.ts";
import type { Parsed } from "../loader/syntax/parsed.ts";
import { parsePort } from "../loader/syntax/port.ts";
import { splitShellWords } from "../loader/syntax/shell-words.ts";
import { parseVolumeMount } from "../loader/syntax/volume-mount.ts";
import { UsageError } from "../model/error.ts";
import type { NullableMap, Service, VolumeMount } from "../model/project.ts";
import { checkPair } from "./exec.ts";

/** What differs from the service as the file has it. */
export interface OneOffChanges {
  readonly name: string;
  /** Empty: the service's own. */
  readonly command: readonly string[];
  /** A command line; absent: the service's own. */
  readonly entrypoint?: string | undefined;
  /** "NAME=value"; "NAME" alone takes the value from our own environment. */
  readonly environment: readonly string[];
  /** Paths; what `environment` says wins over them. */
  readonly envFiles: readonly string[];
  /** "name=value" */
  readonly labels: readonly string[];
  /** "8080:80", as in the file. */
  readonly publish: readonly string[];
  /** Publish what the service publishes. */
  readonly servicePorts: boolean;
  /** "./data:/data:ro", as in the file; paths start from `cwd`. */
  readonly volumes: readonly string[];
  /** Capabilities to add. */
  readonly capAdd: readonly string[];
  /** Capabilities to take away. */
  readonly capDrop: readonly string[];
  /** "name" or "uid:gid". */
  readonly user?: string | undefined;
  /** Folder in the container. */
  readonly workingDir?: string | undefined;
  readonly interactive: boolean;
  readonly tty: boolean;
}

export interface Surroundings {
  readonly cwd: string;
  readonly environment: ReadonlyMap<string, string>;
}

/** The service as one container for one command has it. */
export async function oneOffService(service: Service, changes: OneOffChanges, around: Surroundings): Promise<Service> {
  const { restart: _always, deploy, ports, pre_start: _once, ...kept } = service;
  const { restart_policy: _never, ...deployment } = deploy ?? {};
  const { name, user, workingDir, servicePorts, publish, interactive, tty } = changes;
  const published = servicePorts ? (ports ?? []) : publish.flatMap((text) => readFlag("--publish", parsePort(text)));
  return {
    ...kept,
    ...(deploy !== undefined && { deploy: deployment }),
    ...(published.length > 0 && { ports: published }),
    container_name: name,
    scale: 1,
    stdin_open: interactive,
    tty,
    ...commandOf(changes),
    ...(user !== undefined && user !== "" && { user }),
    ...(workingDir !== undefined && workingDir !== "" && { working_dir: workingDir }),
    ...capabilities(service, changes),
    ...(await environmentOf(service, changes, around)),
    ...labelsOf(service, changes),
    ...volumesOf(service, changes, around),
  };
}

/** Another entrypoint does not know what to make of the service's own command. */
function commandOf({ command, entrypoint }: OneOffChanges): Pick<Service, "command" | "entrypoint"> {
  const given = command.length > 0 ? { command } : {};
  if (entrypoint === undefined) return given;
  const { words } = readFlag("--entrypoint", splitShellWords(entrypoint));
  return { command: [], ...given, entrypoint: words };
}

/** Who adds what the service drops wants to have it, and the other way round. */
function capabilities(service: Service, { capAdd, capDrop }: OneOffChanges): Pick<Service, "cap_add" | "cap_drop"> {
  if (capAdd.length + capDrop.length === 0) return {};
  const { cap_add = [], cap_drop = [] } = service;
  return {
    cap_add: [...cap_add.filter((each) => !capDrop.includes(each)), ...capAdd],
    cap_drop: [...cap_drop.filter((each) => !capAdd.includes(each)), ...capDrop],
  };
}

async function environmentOf(
  service: Service,
  { environment, envFiles }: OneOffChanges,
  around: Surroundings,
): Promise<Pick<Service, "environment">> {
  const given = new Map(
    environment.flatMap((entry): [string, string][] => {
      checkPair(entry);
      const [, name = entry, value = around.environment.get(entry)] = /^([^=]+)=(.*)$/s.exec(entry) ?? [];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const fromFiles = new Map<string, string>();
  for (const file of envFiles) await readEnvFile(file, { into: fromFiles, given, around });
  if (given.size + fromFiles.size === 0) return {};
  const merged: NullableMap = new Map([...(service.environment ?? []), ...fromFiles, ...given]);
  return { environment: merged };
}

async function readEnvFile(
  file: string,
  {
    into,
    given,
    around,
  }: {
    readonly into: Map<string, string>;
    readonly given: ReadonlyMap<string, string>;
    readonly around: Surroundings;
  },
): Promise<void> {
  const text = await readFile(path.resolve(around.cwd, file), "utf8").catch((cause: unknown) => {
    const reason =
      cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "is not there" : String(cause);
    throw new UsageError(`env file "${file}" ${reason}`);
  });
  const lookup = (name: string): string | undefined => given.get(name) ?? around.environment.get(name);
  const { entries, problems } = parseDotenv(text, { lookup, earlier: into });
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(`env file "${file}": ${problem.message}`, problem.hint);
  for (const { key, value } of entries) into.set(key, value);
}

function labelsOf(service: Service, { labels }: OneOffChanges): Pick<Service, "labels"> {
  if (labels.length === 0) return {};
  const given = labels.map((label): [string, string] => {
    const equals = label.indexOf("=");
    if (equals < 1) throw new UsageError(`the label "${label}" has no value`, "write it as NAME=VALUE");
    return [label.slice(0, equals), label.slice(equals + 1)];
  });
  return { labels: new Map([...(service.labels ?? []), ...given]) };
}

function volumesOf(service: Service, { volumes }: OneOffChanges, around: Surroundings): Pick<Service, "volumes"> {
  if (volumes.length === 0) return {};
  const given = volumes.map((text): VolumeMount => {
    const { mount } = readFlag("--volume", parseVolumeMount(text));
    return mount.type === "bind" ? { ...mount, source: absolute(mount.source ?? "", around) } : mount;
  });
  // Of two at one place the later one is meant.
  const taken = new Set(given.map(({ target }) => target));
  return { volumes: [...(service.volumes ?? []).filter(({ target }) => !taken.has(target)), ...given] };
}

/** A flag is read where it is typed: from the working folder, not from that of the project. */
function absolute(source: string, { cwd, environment }: Surroundings): string {
  const home = environment.get("HOME") ?? homedir();
  if (/^~(?=\/|$)/.test(source)) return path.join(home, source.slice(1));
  return path.resolve(cwd, source);
}

function readFlag<T>(flag: string, read: Parsed<T>): T {
  if (read.ok) return read.value;
  throw new UsageError(`${flag}: ${read.message}`, read.hint);
}
