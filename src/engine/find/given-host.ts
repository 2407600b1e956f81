import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { EngineError } from "../../model/error.ts";
import type { Candidate, TlsMaterial } from "./endpoint.ts";
import type { Surroundings } from "./find-engine.ts";

/** --host, or DOCKER_HOST unless --context names another; TLS as DOCKER_TLS_VERIFY and its kin say. */
export async function givenHost(surroundings: Surroundings): Promise<readonly Candidate[] | undefined> {
  const { environment, host, context } = surroundings;
  const fromEnvironment = environment.get("DOCKER_HOST") ?? "";
  const given = host ?? (context === undefined || context === "default" ? fromEnvironment : "");
  const url = given.trim();
  if (url === "") return undefined;
  const origin = host === undefined ? "DOCKER_HOST" : "--host";
  const overNetwork = /^(tcp|https?):\/\/|^[^/]*$/.test(url);
  return [{ url, origin, tls: overNetwork ? await tlsOf(surroundings) : undefined }];
}

async function tlsOf({ environment, config }: Surroundings): Promise<TlsMaterial | undefined> {
  const verify = (environment.get("DOCKER_TLS_VERIFY") ?? "") !== "";
  if (!verify && (environment.get("DOCKER_TLS") ?? "") === "") return undefined;
  const given = environment.get("DOCKER_CERT_PATH") ?? "";
  const folder = given === "" ? config.folder : given;
  const [ca, cert, key] = await Promise.all(["ca.pem", "cert.pem", "key.pem"].map((name) => pem(folder, name)));
  if (verify && ca === undefined)
    throw new EngineError(`DOCKER_TLS_VERIFY is set, but ${join(folder, "ca.pem")} cannot be read`, {
      status: 0,
      operation: "find engine",
      resource: "engine",
      hint: "let DOCKER_CERT_PATH name the folder that holds ca.pem, cert.pem and key.pem",
    });
  return { ca, cert, key, verify };
}

/** Each of the files may be absent: an engine need not ask for a certificate of ours. */
async function pem(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), "utf8").catch(() => undefined);
}
