import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import type { StringMap } from "../model/project.ts";

/** The parts of the docker CLI's config.json that concern us; absent file: everything absent. */
export interface DockerConfig {
  readonly folder: string;
  readonly auths: ReadonlyMap<string, StoredAuth>;
  /** From DOCKER_AUTH_CONFIG. */
  readonly environmentAuths: ReadonlyMap<string, StoredAuth>;
  readonly credsStore?: string;
  readonly credHelpers: StringMap;
  readonly proxies: ReadonlyMap<string, StringMap>;
  readonly currentContext?: string;
  readonly detachKeys?: string;
  readonly psFormat?: string;
  readonly statsFormat?: string;
  readonly headers: StringMap;
}

export interface StoredAuth {
  /** base64 of "user:password". */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

export function readDockerConfig(environment: StringMap): DockerConfig {
  // Set to nothing is not set: what lies in the folder that we are called in is nobody's configuration.
  const folder = environment.get("DOCKER_CONFIG") || join(environment.get("HOME") || homedir(), ".docker");
  const raw = parseObject(textOf(join(folder, "config.json")));
  return {
    folder,
    auths: new Map(authsOf(raw)),
    environmentAuths: new Map(authsOf(parseObject(environment.get("DOCKER_AUTH_CONFIG") ?? "{}"))),
    credHelpers: strings(raw["credHelpers"]),
    proxies: new Map(Object.entries(object(raw["proxies"])).map(([host, settings]) => [host, strings(settings)])),
    headers: strings(raw["HttpHeaders"]),
    ...optional("credsStore", raw["credsStore"]),
    ...optional("currentContext", raw["currentContext"]),
    ...optional("detachKeys", raw["detachKeys"]),
    ...optional("psFormat", raw["psFormat"]),
    ...optional("statsFormat", raw["statsFormat"]),
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "{}";
  }
}

/** A file that somebody broke must not keep them from starting containers; pulls will say that credentials lack. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return object(JSON.parse(text));
  } catch {
    return {};
  }
}

function authsOf(raw: Readonly<Record<string, unknown>>): [string, StoredAuth][] {
  return Object.entries(object(raw["auths"])).map(([host, auth]) => [host, Object.fromEntries(strings(auth))]);
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function strings(value: unknown): StringMap {
  return new Map(
    Object.entries(object(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function optional<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  return typeof value === "string" && value !== "" ? ({ [key]: value } as { readonly [P in K]?: string }) : {};
}
