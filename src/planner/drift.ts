import { composeLabels } from "../model/labels.ts";
import type { FieldChange, ObservedContainer, ObservedNetwork } from "../model/observed.ts";
import type { Project, Service } from "../model/project.ts";
import { parentsOf } from "../model/references.ts";
import { sentenceList } from "./scene.ts";

/** Why a container is not what the file describes. */
export interface Drift {
  readonly cause: string;
  readonly changes: readonly FieldChange[];
}

/** What a container is compared with. */
export interface Expectation {
  readonly project: Project;
  readonly service: Service;
  /** Of the image that the service uses now; absent: not known yet, so not compared. */
  readonly imageId?: string | undefined;
  /** Service → id of the container that stays; absent: it is created or replaced in this plan. */
  readonly parents: ReadonlyMap<string, string>;
  /** Network key → what it is now; undefined: created in this plan. Those that are not to be compared are left out. */
  readonly networks: ReadonlyMap<string, ObservedNetwork | undefined>;
  /** Whether docker compose, of either generation, would put this hash on the container. */
  readonly isCurrentHash: (hash: string) => boolean;
  readonly differences: readonly FieldChange[] | undefined;
}

/** undefined: up to date. */
export function findDrift(container: ObservedContainer, expected: Expectation): Drift | undefined {
  const configuration = configurationDrift(container, expected);
  const found = [
    parentDrift(expected),
    configuration,
    imageDrift(container, expected),
    // Where the file has changed, this follows from it.
    configuration === undefined ? networkDrift(container, expected) : undefined,
    configuration === undefined ? volumeDrift(container, expected) : undefined,
  ].filter((each) => each !== undefined);
  if (found.length === 0) return undefined;
  return { cause: found.map((each) => each.cause).join(", "), changes: found.flatMap((each) => each.changes) };
}

function parentDrift({ service, parents, project }: Expectation): Drift | undefined {
  const gone = parentsOf(service).filter((name) => project.services.has(name) && !parents.has(name));
  if (gone.length === 0) return undefined;
  return { cause: `shares with ${sentenceList(gone)}, which ${gone.length === 1 ? "is" : "are"} new`, changes: [] };
}

function configurationDrift(container: ObservedContainer, expected: Expectation): Drift | undefined {
  const { project, service, parents } = expected;
  // A new parent has no id to hash yet; that it is new is reason enough.
  if (parentsOf(service).some((name) => project.services.has(name) && !parents.has(name))) return undefined;
  if (expected.isCurrentHash(container.labels.get(composeLabels.configHash) ?? "")) return undefined;
  const changes = expected.differences ?? [];
  return { cause: changesText(changes), changes };
}

/** The first three by name, then how many more. */
function changesText(changes: readonly FieldChange[]): string {
  if (changes.length === 0) return "configuration changed";
  const paths = changes.map(({ path }) => path);
  const named = paths.length > 3 ? [...paths.slice(0, 2), `${paths.length - 2} more`] : paths;
  return `${sentenceList(named)} changed`;
}

function imageDrift(container: ObservedContainer, { imageId }: Expectation): Drift | undefined {
  const before = container.labels.get(composeLabels.image);
  if (imageId === undefined || before === undefined || before === imageId) return undefined;
  return {
    cause: "image changed",
    changes: [{ path: "image", before: shortId(before), after: shortId(imageId) }],
  };
}

/** An engine does not start a container whose network was removed, even when a new one has the old one's name. */
function networkDrift(container: ObservedContainer, { service, networks }: Expectation): Drift | undefined {
  const apart = [...(service.networks?.keys() ?? [])].filter((key) => {
    if (!networks.has(key)) return false;
    const network = networks.get(key);
    const endpoint = network === undefined ? undefined : container.networks.get(network.name);
    // Containers that never ran have no id there yet.
    return endpoint === undefined || (endpoint.networkId !== "" && endpoint.networkId !== network?.id);
  });
  return apart.length === 0 ? undefined : { cause: `not attached to network ${sentenceList(apart)}`, changes: [] };
}

function volumeDrift(container: ObservedContainer, { project, service }: Expectation): Drift | undefined {
  const absent = (service.volumes ?? []).flatMap(({ type, source, target }) => {
    if (type !== "volume" || source === undefined) return [];
    const name = project.volumes.get(source)?.name;
    const mounted = container.mounts.some((mount) => mount.name === name && mount.destination === target);
    return name === undefined || mounted ? [] : [source];
  });
  return absent.length === 0 ? undefined : { cause: `volume ${sentenceList(absent)} is not mounted`, changes: [] };
}

function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
