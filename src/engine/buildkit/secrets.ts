import { readFile } from "node:fs/promises";

import { type Handlers, unary } from "./grpc-server.ts";
import { GrpcError, grpcCodes } from "./grpc.ts";
import { decodeMessage, encodeMessage, textField } from "./protobuf.ts";

/** id in the Dockerfile → where its value is; read only when a step of the build asks for it. */
export type Secrets = ReadonlyMap<string, { readonly file: string } | { readonly value: string }>;

export function secretStore(secrets: Secrets): Handlers {
  const get = unary(async (request) => {
    const id = textField(decodeMessage(request), 1);
    const secret = secrets.get(id);
    // The Dockerfile decides whether it can do without.
    if (secret === undefined) throw new GrpcError(`secret ${id}: not found`, grpcCodes.notFound);
    const data = "file" in secret ? await readFile(secret.file) : Buffer.from(secret.value);
    return encodeMessage([[1, data]]);
  });
  return new Map([["/moby.buildkit.secrets.v1.Secrets/GetSecret", get]]);
}
