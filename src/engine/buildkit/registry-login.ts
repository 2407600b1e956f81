import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";

import { credentialsFor, type RegistryAuth } from "../auth.ts";
import type { DockerConfig } from "../docker-config.ts";
import type { Fetch } from "../proxy/fetch.ts";
import { type Handlers, unary } from "./grpc-server.ts";
import { bytesField, decodeMessage, encodeMessage, textField, text } from "./protobuf.ts";
import { fetchToken } from "./registry-token.ts";

/**
 * Logs the engine in to registries. Where a registry gives tokens, we fetch them, and the password stays here; the
 * engine checks by a signature that it may share what it has pulled with us again.
 */
export function registryLogin(config: DockerConfig, fetch: Fetch): Handlers {
  const seed = randomBytes(32);
  const authority = async (host: string, salt: Uint8Array): Promise<KeyObject> => {
    const known = (await login(host, config)) !== undefined;
    return authorityKey(known ? seed : undefined, salt);
  };
  return new Map([
    [
      "/moby.filesync.v1.Auth/Credentials",
      unary(async (request) => {
        const { username, password, identitytoken } = (await login(textField(decodeMessage(request), 1), config)) ?? {};
        return encodeMessage([
          [1, identitytoken === undefined ? username : undefined],
          [2, identitytoken ?? password],
        ]);
      }),
    ],
    [
      "/moby.filesync.v1.Auth/FetchToken",
      unary(async (request) => {
        const fields = decodeMessage(request);
        const [clientId, host, realm, service] = [1, 2, 3, 4].map((number) => textField(fields, number));
        const scopes = fields.filter(({ number }) => number === 5).map(({ bytes }) => text(bytes));
        const auth = await login(host ?? "", config);
        const token = await fetchToken({
          clientId: clientId ?? "",
          realm: realm ?? "",
          service: service ?? "",
          scopes,
          auth,
          fetch,
        });
        return encodeMessage([
          [1, token.token],
          [2, token.expiresIn],
          [3, token.issuedAt],
        ]);
      }),
    ],
    [
      "/moby.filesync.v1.Auth/GetTokenAuthority",
      unary(async (request) => {
        const fields = decodeMessage(request);
        const key = await authority(textField(fields, 1), bytesField(fields, 2));
        return encodeMessage([[1, createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32)]]);
      }),
    ],
    [
      "/moby.filesync.v1.Auth/VerifyTokenAuthority",
      unary(async (request) => {
        const fields = decodeMessage(request);
        const payload = bytesField(fields, 2);
        const key = await authority(textField(fields, 1), bytesField(fields, 3));
        return encodeMessage([[1, Buffer.concat([sign(null, payload, key), payload])]]);
      }),
    ],
  ]);
}

/** The engine says "registry-1.docker.io" where the config file has Docker Hub's old address. */
async function login(host: string, config: DockerConfig): Promise<RegistryAuth | undefined> {
  return credentialsFor(host === "registry-1.docker.io" ? "https://index.docker.io/v1/" : host, config);
}

/** Everybody without a login has the same key, so that what is public is shared by all. */
function authorityKey(seed: Uint8Array | undefined, salt: Uint8Array): KeyObject {
  const mac = createHmac("sha256", salt);
  if (seed !== undefined) mac.update(seed);
  const key = Buffer.concat([ed25519Head, mac.digest()]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const ed25519Head = Buffer.from("302e020100300506032b657004220420", "hex");
