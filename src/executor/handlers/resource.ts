import { EngineError } from "../../model/error.ts";
import { networkHash, volumeHash } from "../../model/hash.ts";
import { composeLabels, composeVersion } from "../../model/labels.ts";
import type { StepOf } from "../../model/plan.ts";
import { type Handlers, type Run, containerId } from "../run.ts";

type ResourceKind = `${"network" | "volume"}.${string}`;

export const resourceHandlers: Pick<Handlers, Extract<keyof Handlers, ResourceKind>> = {
  "network.create": createNetwork,
  "network.remove": async (step, run) => inUse(await run.engine.removeNetwork(step.networkId, run.signal), step),
  "network.connect": connectNetwork,
  "network.disconnect": async (step, run) => {
    await run.engine.disconnectNetwork(step.network, containerId(step.container, run), run.signal);
    return undefined;
  },
  "volume.create": createVolume,
  "volume.remove": async (step, run) => inUse(await run.engine.removeVolume(step.name, run.signal), step),
};

async function createNetwork({ network }: StepOf<"network.create">, run: Run): Promise<string | undefined> {
  const labels = new Map([
    ...(network.labels ?? []),
    [composeLabels.project, run.project.name],
    [composeLabels.network, network.key],
    [composeLabels.version, composeVersion],
    [composeLabels.configHash, networkHash(network, "v2")],
  ] as const);
  try {
    await run.engine.createNetwork(network, labels, run.signal);
    return undefined;
  } catch (error) {
    // Made since we looked: by docker compose beside us, or for another project that shares it.
    const taken = error instanceof EngineError && error.status === 409;
    const other = taken ? await run.engine.findNetwork(network.name, run.signal) : undefined;
    if (other === undefined) throw error;
    if (other.labels.get(composeLabels.project) !== run.project.name) {
      const notOurs = `network "${network.name}" was made meanwhile, and not for project "${run.project.name}"`;
      run.notice("warning", `${notOurs}; it is used as it is`);
    }
    return "Exists";
  }
}

async function createVolume({ volume }: StepOf<"volume.create">, run: Run): Promise<undefined> {
  const labels = new Map([
    ...(volume.labels ?? []),
    [composeLabels.project, run.project.name],
    [composeLabels.volume, volume.key],
    [composeLabels.version, composeVersion],
    [composeLabels.configHash, volumeHash(volume)],
  ] as const);
  await run.engine.createVolume(volume, labels, run.signal);
  return undefined;
}

async function connectNetwork(step: StepOf<"network.connect">, run: Run): Promise<undefined> {
  const request = {
    project: run.project,
    service: step.service,
    container: containerId(step.container, run),
    finalName: step.container.name,
  };
  await run.engine.connectNetwork(step.network, request, run.signal);
  return undefined;
}

function inUse(
  outcome: "removed" | "in use" | "absent",
  step: StepOf<"network.remove" | "volume.remove">,
): string | undefined {
  if (outcome !== "in use") return undefined;
  if (step.inUse === "fail") throw new Error(`${step.resource} cannot be replaced: something else still uses it`);
  return "Resource is still in use";
}
