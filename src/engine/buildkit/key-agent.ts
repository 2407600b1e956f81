import { readFile } from "node:fs/promises";
import type { Duplex } from "node:stream";

import type { ParsedKey } from "ssh2";

import { EngineError } from "../../model/error.ts";

/** An agent of our own that holds the keys of these files, for who has none running. The keys themselves stay here. */
export async function keyAgent(paths: readonly string[]): Promise<() => Promise<Duplex>> {
  const { default: ssh2 } = await import("ssh2");
  const { AgentProtocol, utils } = ssh2;
  const keys = await Promise.all(paths.map(async (path) => parsed(utils.parseKey(await readFile(path)), path)));
  return async () => {
    const agent = new AgentProtocol(false);
    agent.on("identities", (request) => agent.getIdentitiesReply(request, [...keys]));
    agent.on("sign", (request, publicKey, data, { hash }) => {
      const key = keys.find((each) => each.getPublicSSH().equals(publicKey.getPublicSSH()));
      if (key === undefined) agent.failureReply(request);
      else agent.signReply(request, key.sign(data, hash));
    });
    return agent;
  };
}

function parsed(key: ParsedKey | readonly ParsedKey[] | Error, path: string): ParsedKey {
  const [first] = key instanceof Error || !Array.isArray(key) ? [key] : key;
  if (first !== undefined && !(first instanceof Error) && first.isPrivateKey()) return first;
  throw new EngineError(`${path} is no private key that can be read`, {
    status: 0,
    operation: "build image",
    resource: "ssh",
    hint: "a key with a passphrase has to be added to an ssh agent; give the agent to the build",
  });
}
