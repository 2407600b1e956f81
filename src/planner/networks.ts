import { networkHash } from "../model/hash.ts";
import { composeLabels } from "../model/labels.ts";
import type { ObservedContainer, ObservedNetwork, ObservedState } from "../model/observed.ts";
import type { Network, Project } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";

/** What becomes of a network of the project. */
export type NetworkFate =
  | { readonly kind: "ready"; readonly network: ObservedNetwork; readonly spare: readonly ObservedNetwork[] }
  | { readonly kind: "create" }
  | { readonly kind: "replace"; readonly network: ObservedNetwork; readonly cause: string };

interface Situation {
  readonly project: Project;
  readonly observed: ObservedState;
  readonly plan: PlanBuilder;
}

/** External networks that are not there are a problem; those of others are used as they are, with a warning. */
export function decideNetworks(situation: Situation): ReadonlyMap<string, NetworkFate> {
  const fates = new Map<string, NetworkFate>();
  for (const network of situation.project.networks.values()) {
    const fate = network.external === true ? external(situation, network) : own(situation, network);
    if (fate !== undefined) fates.set(network.key, fate);
  }
  return fates;
}

export function networkRow(name: string): string {
  return `network ${name}`;
}

function external({ observed, plan }: Situation, { key, name }: Network): NetworkFate | undefined {
  const network = observed.networks.find((each) => each.name === name || each.id === name);
  if (network !== undefined) return { kind: "ready", network, spare: [] };
  // A swarm shows its networks only on nodes that use them.
  if (!observed.engine.swarm) {
    plan.problem({
      code: "network-not-found",
      message: `network "${name}" is declared as external, but it does not exist`,
      path: `networks.${key}`,
      hint: `create it, or remove "external: true" to have it created`,
    });
  }
  return undefined;
}

function own({ project, observed, plan }: Situation, network: Network): NetworkFate {
  const named = observed.networks.filter(({ name }) => name === network.name);
  const ours = named.filter(({ labels }) => labels.get(composeLabels.project) === project.name);
  const [kept, ...spare] = mostUsedFirst(ours.length > 0 ? ours : named, observed.containers);
  if (kept === undefined) return { kind: "create" };
  if (ours.length === 0) {
    plan.warn(
      `network "${network.name}" exists and was not made for project "${project.name}"; it is used as it is (declare it as external to say so)`,
    );
    return { kind: "ready", network: kept, spare: [] };
  }
  const hash = kept.labels.get(composeLabels.configHash);
  const same = hash === undefined || hash === networkHash(network, "v2") || hash === networkHash(network, "v5");
  return same
    ? { kind: "ready", network: kept, spare }
    : { kind: "replace", network: kept, cause: "configuration changed" };
}

/** Old engines let two networks have one name: the one that is in use stays. */
function mostUsedFirst(
  networks: readonly ObservedNetwork[],
  containers: readonly ObservedContainer[],
): readonly ObservedNetwork[] {
  const users = ({ id }: ObservedNetwork): number =>
    containers.filter((each) => [...each.networks.values()].some(({ networkId }) => networkId === id)).length;
  return [...networks].sort((a, b) => users(b) - users(a) || a.id.localeCompare(b.id));
}
