import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Service } from "../../model/project.ts";
import type { EngineInfo } from "../engine.ts";
import type { Body } from "./container.ts";

/** The engine reads no files of ours: seccomp profiles travel by content. Keyed as `security_opt` names them. */
export async function readSecurityProfiles(service: Service, workingDir: string): Promise<ReadonlyMap<string, string>> {
  const files = (service.security_opt ?? []).flatMap((option) => profileFile(option) ?? []);
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readProfile(file, service, workingDir)] as const)),
  );
}

export function securityFields(
  service: Service,
  profiles: ReadonlyMap<string, string>,
  { os }: Pick<EngineInfo, "os">,
): Body {
  const given = service.security_opt ?? [];
  const unmasked = given.some(isUnmasking);
  const options = given
    .filter((option) => !isUnmasking(option))
    .map((option) => engineOption(option, service, profiles));
  const all = [...options, ...(os === "windows" ? credentialSpec(service) : [])];
  return {
    SecurityOpt: all.length === 0 ? undefined : all,
    // Empty, not absent: absent means the engine's own list of hidden paths.
    MaskedPaths: unmasked ? [] : undefined,
    ReadonlyPaths: unmasked ? [] : undefined,
  };
}

/** No option of the engine's, but a word of the docker CLI's. */
function isUnmasking(option: string): boolean {
  return /^systempaths[=:]unconfined$/.test(option);
}

/** "label:disable" is the old form of "label=disable"; the engine takes both, and the container keeps the one written. */
function engineOption(option: string, service: Service, profiles: ReadonlyMap<string, string>): string {
  if (option === "no-new-privileges") return option;
  const [, key, value] = /^([^=:]+[=:])(.*)$/s.exec(option) ?? [];
  if (key === undefined || value === undefined)
    throw failure(`security_opt "${option}" of service "${service.name}" must have the form key=value`);
  const profile = profileFile(option) === undefined ? undefined : profiles.get(value);
  return `${key}${profile ?? value}`;
}

/** For Windows containers, which sign in to a domain by it. */
function credentialSpec({ credential_spec: spec }: Service): string[] {
  if (spec?.file !== undefined) return [`credentialspec=file://${spec.file}`];
  return spec?.registry === undefined ? [] : [`credentialspec=registry://${spec.registry}`];
}

function profileFile(option: string): string | undefined {
  const value = /^seccomp[=:](.+)$/s.exec(option)?.[1];
  return value === "unconfined" || value === "builtin" ? undefined : value;
}

async function readProfile(file: string, service: Service, workingDir: string): Promise<string> {
  const path = resolve(workingDir, file);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw failure(`the seccomp profile ${path} of service "${service.name}" cannot be read`, cause);
  });
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (cause) {
    throw failure(`the seccomp profile ${path} of service "${service.name}" is not JSON`, cause);
  }
}

function failure(message: string, cause?: unknown): EngineError {
  return new EngineError(message, { status: 0, operation: "create container", resource: "security_opt", cause });
}
