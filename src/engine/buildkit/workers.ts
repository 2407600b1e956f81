import type { GrpcClient } from "./grpc-client.ts";
import { decodeMessage, encodeMessage, mapField, text } from "./protobuf.ts";

/** The address by which steps of a build reach the engine's machine; undefined where it does not tell. */
export async function hostGateway(client: GrpcClient, signal: AbortSignal | undefined): Promise<string | undefined> {
  const answer = await client.call("moby.buildkit.v1.Control/ListWorkers", encodeMessage([]), { signal });
  for (const { number, bytes } of decodeMessage(answer)) {
    const address = number === 1 ? mapField(decodeMessage(bytes), 2).get(label) : undefined;
    if (address !== undefined) return text(address);
  }
  return undefined;
}

const label = "org.mobyproject.buildkit.worker.moby.host-gateway-ip";
