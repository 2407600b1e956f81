import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Service } from "../../model/project.ts";
import type { EngineJson } from "./json.ts";

/** The engine reads no files of ours: a seccomp profile travels inline. */
export async function securityOptions(service: Service, workingDir: string): Promise<EngineJson> {
  const options = service.security_opt ?? [];
  const unconfined = options.some((option) => /^systempaths[=:]unconfined$/.test(option));
  const sent = await Promise.all(
    options
      .filter((option) => !/^systempaths[=:]unconfined$/.test(option))
      .map((option) => securityOption(option, service, workingDir)),
  );
  return {
    SecurityOpt: [...sent, ...credentialSpec(service)],
    ...(unconfined && { MaskedPaths: [], ReadonlyPaths: [] }),
  };
}

async function securityOption(option: string, service: Service, workingDir: string): Promise<string> {
  if (option === "no-new-privileges") return option;
  const [, key = "", value = ""] = /^([^=:]+)[=:](.*)$/s.exec(option) ?? [];
  if (key === "") throw failure(`security_opt "${option}" of service "${service.name}" must have the form key=value`);
  if (key !== "seccomp" || value === "unconfined" || value === "builtin") return `${key}=${value}`;
  const path = resolve(workingDir, value);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw failure(`the seccomp profile ${path} of service "${service.name}" cannot be read`, cause);
  });
  try {
    return `seccomp=${JSON.stringify(JSON.parse(text))}`;
  } catch (cause) {
    throw failure(`the seccomp profile ${path} of service "${service.name}" is not JSON`, cause);
  }
}

/** Windows: who the container is in its domain. */
function credentialSpec({ credential_spec: spec }: Service): readonly string[] {
  if (spec?.file !== undefined) return [`credentialspec=file://${spec.file}`];
  return spec?.registry === undefined ? [] : [`credentialspec=registry://${spec.registry}`];
}

function failure(message: string, cause?: unknown): EngineError {
  return new EngineError(message, { status: 0, operation: "create container", resource: "security_opt", cause });
}
