import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";

import { type Handlers, serveGrpc, unary } from "./grpc-server.ts";
import { encodeMessage } from "./protobuf.ts";

/** Opens POST `path` as a connection that speaks HTTP/2 from then on. */
export type Upgrade = (path: string, headers: Readonly<Record<string, string[]>>) => Promise<Socket>;

/** While it is open, the engine can ask us for files, secrets, logins. */
export interface BuildSession {
  readonly id: string;
  close(): void;
}

/** `sharedKey`: sessions that have it in common share what they have sent. */
export async function openSession(
  upgrade: Upgrade,
  sharedKey: string,
  services: readonly Handlers[],
): Promise<BuildSession> {
  const id = randomBytes(16).toString("hex");
  const handlers = new Map([...health, ...services.flatMap((service) => [...service])]);
  const socket = await upgrade("/session", {
    "X-Docker-Expose-Session-Uuid": [id],
    "X-Docker-Expose-Session-Name": ["tscompose"],
    "X-Docker-Expose-Session-Sharedkey": [sharedKey],
    // The engine asks only for what it knows to be there.
    "X-Docker-Expose-Session-Grpc-Method": [...handlers.keys()],
  });
  const server = serveGrpc(socket, handlers);
  return {
    id,
    close() {
      server.close();
      socket.destroy();
    },
  };
}

/** The engine gives up a session that does not say every few seconds that it serves. */
const health: Handlers = new Map([["/grpc.health.v1.Health/Check", unary(async () => encodeMessage([[1, 1]]))]]);
