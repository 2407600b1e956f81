import { volumeHash } from "../model/hash.ts";
import { composeLabels } from "../model/labels.ts";
import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import type { Project, Volume } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";

export type VolumeFate = "ready" | "create" | "replace";

interface Situation {
  readonly project: Project;
  readonly observed: ObservedState;
  readonly confirmed: ReadonlySet<string>;
  readonly plan: PlanBuilder;
}

/** A volume whose description changed is made anew only with a person's yes: its data is lost. */
export function decideVolumes(situation: Situation): ReadonlyMap<string, VolumeFate> {
  return new Map(
    [...situation.project.volumes.values()].map((volume) => [volume.key, decideVolume(situation, volume)]),
  );
}

export function volumeRow(name: string): string {
  return `volume ${name}`;
}

/** Whether the container has the volume mounted, wherever that is. */
export function mountsVolume(container: ObservedContainer, name: string): boolean {
  return container.mounts.some((mount) => mount.type === "volume" && mount.name === name);
}

function decideVolume(situation: Situation, volume: Volume): VolumeFate {
  const { project, observed, plan } = situation;
  const found = observed.volumes.find(({ name }) => name === volume.name);
  if (volume.external === true) {
    if (found === undefined) {
      plan.problem({
        code: "volume-not-found",
        message: `volume "${volume.name}" is declared as external, but it does not exist`,
        path: `volumes.${volume.key}`,
        hint: `create it, or remove "external: true" to have it created`,
      });
    }
    return "ready";
  }
  if (found === undefined) return "create";
  if (found.labels.get(composeLabels.project) !== project.name) {
    plan.warn(
      `volume "${volume.name}" exists and was not made for project "${project.name}"; it is used as it is (declare it as external to say so)`,
    );
    return "ready";
  }
  const hash = found.labels.get(composeLabels.configHash);
  return hash === undefined || hash === volumeHash(volume) ? "ready" : askToReplace(situation, volume);
}

function askToReplace({ plan, confirmed }: Situation, volume: Volume): VolumeFate {
  const key = `volume.recreate ${volume.key}`;
  if (confirmed.has(key)) {
    plan.lose(volume.name);
    return "replace";
  }
  const question = `Volume "${volume.name}" exists, but is not as the file describes it. Make it anew? Its data will be lost.`;
  plan.ask({ key, kind: "volume.recreate", question, blocking: false });
  plan.warn(`volume "${volume.name}" is not as the file describes it; it is kept, because its data would be lost`);
  return "ready";
}
