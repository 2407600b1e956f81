import { stat } from "node:fs/promises";

import { EngineError } from "../../model/error.ts";
import type { NullableMap, StringMap } from "../../model/project.ts";
import { agentSocket, type SshAgent, type SshAgents } from "./ssh-forward.ts";

/** id → path of an agent's socket or of keys; without a path the agent of who builds. */
export async function sshAgents(ssh: NullableMap, environment: StringMap): Promise<SshAgents> {
  const agents = await Promise.all(
    [...ssh].map(async ([id, path]) => [id, await agentAt(id, path ?? environment.get("SSH_AUTH_SOCK"))] as const),
  );
  return new Map(agents);
}

async function agentAt(id: string, path: string | undefined): Promise<SshAgent> {
  if (path === undefined || path === "") {
    throw failure(
      `the build wants the ssh agent "${id}", and SSH_AUTH_SOCK is not set`,
      "start an agent, or name a key",
    );
  }
  const paths = path.split(",");
  const found = await Promise.all(paths.map((each) => stat(each).catch(() => undefined)));
  const missing = paths.find((_, index) => found[index] === undefined);
  if (missing !== undefined) throw failure(`there is no ssh agent or key ${missing}`, 'correct "ssh" of the build');
  if (paths.length === 1 && found[0]?.isSocket() === true) return agentSocket(path);
  const { keyAgent } = await import("./key-agent.ts");
  return keyAgent(paths);
}

function failure(message: string, hint: string): EngineError {
  return new EngineError(message, { status: 0, operation: "build image", resource: "ssh", hint });
}
