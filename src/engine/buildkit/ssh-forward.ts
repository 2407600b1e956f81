import { connect } from "node:net";
import type { Duplex } from "node:stream";

import { type Handlers, type IncomingCall, unary } from "./grpc-server.ts";
import { GrpcError, grpcCodes } from "./grpc.ts";
import { bytesField, decodeMessage, encodeMessage, encodeParts, textField } from "./protobuf.ts";

/** Opens a connection to an agent: to a socket of this machine, or to keys that we hold for it. */
export type SshAgent = () => Promise<Duplex>;

/** By their ids in the Dockerfile. */
export type SshAgents = ReadonlyMap<string, SshAgent>;

export function sshForward(agents: SshAgents): Handlers {
  const agentOf = (id: string): SshAgent => {
    const agent = agents.get(id === "" ? "default" : id);
    if (agent === undefined)
      throw new GrpcError(`no ssh agent or key "${id}" was given to the build`, grpcCodes.notFound);
    return agent;
  };
  return new Map([
    [
      "/moby.sshforward.v1.SSH/CheckAgent",
      unary(async (request) => {
        agentOf(textField(decodeMessage(request), 1));
        return encodeMessage([]);
      }),
    ],
    [
      "/moby.sshforward.v1.SSH/ForwardAgent",
      async (call) => {
        const [id = ""] = call.metadata.get("buildkit.ssh.id") ?? [];
        const agent = await agentOf(id)();
        await Promise.race([forward(call, agent), receive(call, agent)]);
        agent.destroy();
      },
    ],
  ]);
}

/** Until the other end closes: the build may have said all, and still wait for an answer. */
async function receive(call: IncomingCall, agent: Duplex): Promise<void> {
  for await (const data of agent) await call.send(encodeParts([[1, data as Buffer]]));
}

async function forward({ requests }: IncomingCall, agent: Duplex): Promise<never> {
  for await (const message of requests) agent.write(bytesField(decodeMessage(message), 1));
  agent.end();
  return new Promise<never>(() => {});
}

export function agentSocket(path: string): SshAgent {
  return () =>
    new Promise((settle, fail) => {
      const socket = connect(path);
      socket.once("connect", () => settle(socket));
      socket.once("error", fail);
    });
}
