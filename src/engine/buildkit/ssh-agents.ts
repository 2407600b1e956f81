import { stat } from "node:fs/promises";

import { EngineError } from "../../model/error.ts";
import type { NullableMap, StringMap } from "../../model/project.ts";
import { agentSocket, type SshAgents } from "./ssh-forward.ts";

/** id → path of an agent's socket or of keys; without a path the agent of who builds. */
export async function sshAgents(ssh: NullableMap, environment: StringMap): Promise<SshAgents> {
  const agents = await Promise.all(
    [...ssh].map(async ([id, path]) => [id, await agentAt(id, path ?? environment.get("SSH_AUTH_SOCK"))] as const),
  );
  return new Map(agents);
}

async function agentAt(id: string, path: string | undefined): Promise<ReturnType<typeof agentSocket>> {
  if (path === undefined || path === "") {
    throw failure(
      `the build wants the ssh agent "${id}", and SSH_AUTH_SOCK is not set`,
      "start an agent, or name a key",
    );
  }
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw failure(`there is no ssh agent or key ${path}`, 'correct "ssh" of the build');
  return agentSocket(path);
}

function failure(message: string, hint: string): EngineError {
  return new EngineError(message, { status: 0, operation: "build image", resource: "ssh", hint });
}
