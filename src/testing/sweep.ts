import os from "node:os";

import type { Engine } from "../engine/engine.ts";
import { openCompose } from "../library/open-compose.ts";
import { composeLabels } from "../model/labels.ts";
import { ownerLabel } from "./isolated.ts";

/** Takes down what processes of this machine have left that were killed together with who was to clean up after them. */
export async function sweepLeftovers(engine: Engine): Promise<void> {
  const made = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listNetworks({}),
    engine.listVolumes({}),
  ]);
  const left = made.flat().filter(({ labels }) => isOrphaned(labels.get(ownerLabel)));
  for (const projectName of new Set(left.flatMap(({ labels }) => labels.get(composeLabels.project) ?? []))) {
    const compose = await openCompose({ projectName, engine });
    // Somebody else may be sweeping at the same time.
    await compose.down({ volumes: true, removeOrphans: true, timeoutSeconds: 0 }).catch(() => {});
    await compose.close();
  }
}

function isOrphaned(owner: string | undefined): boolean {
  const [, host, pid] = /^(.*)\/(\d+)$/.exec(owner ?? "") ?? [];
  return host === os.hostname() && !lives(Number(pid));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
