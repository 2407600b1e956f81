import { containerBody } from "../engine/body/container.ts";
import { compareContainer } from "../engine/compare/compare.ts";
import { raw, type Raw } from "../engine/compare/fields.ts";
import { readDockerConfig } from "../engine/docker-config.ts";
import type { Engine } from "../engine/engine.ts";
import { composeLabels } from "../model/labels.ts";
import type { FieldChange, ImageDefaults, ObservedContainer, ObservedImage } from "../model/observed.ts";
import type { Plan, StepOf } from "../model/plan.ts";
import type { Project, StringMap } from "../model/project.ts";
import { sideBySide } from "./side-by-side.ts";
import { unseenChange } from "./unseen-change.ts";

export interface DifferenceRequest {
  readonly plan: Plan;
  readonly environment: StringMap;
  readonly signal: AbortSignal;
}

const nothing: ImageDefaults = { environment: [], labels: new Map(), exposed: [] };

/**
 * Container id → how it differs from the one that is to replace it. Read off the containers themselves, so that it can
 * be told of those that docker compose made, too; a hash alone says no more than that something differs.
 */
export async function findDifferences(
  engine: Engine,
  project: Project,
  request: DifferenceRequest,
): Promise<ReadonlyMap<string, readonly FieldChange[]>> {
  const replacements = request.plan.steps.filter((step) => step.kind === "container.create");
  const found = await sideBySide(replacements, (step) => compare(engine, project, { ...request, step }));
  return new Map(found.flat());
}

async function compare(
  engine: Engine,
  project: Project,
  { step, environment, signal }: DifferenceRequest & { readonly step: StepOf<"container.create"> },
): Promise<readonly (readonly [string, readonly FieldChange[]])[]> {
  const { replaces } = step;
  if (replaces === undefined) return [];
  const [actual, image] = await Promise.all([
    engine.inspectContainer(replaces.id, signal),
    engine.findImage(replaces.imageId, undefined, signal),
  ]);
  const config = readDockerConfig(environment);
  const references = new Map(
    [...step.references].map(([name, refs]) => [name, refs.map(({ id = "", name }) => ({ id, name }))] as const),
  );
  const creation = { project, service: step.service, image: step.image, name: step.name, finalName: step.name };
  // The number is in the names that links give.
  const number = [composeLabels.containerNumber, String(step.number ?? 1)] as const;
  const labels = new Map([...(step.service.labels ?? []), number]);
  const body = containerBody(
    { ...creation, labels, references, inherits: step.inherits },
    { info: engine.info, config, profiles: new Map() },
  );
  const found = actual.raw as Raw;
  const seen = [
    ...renaming(replaces.name, step.name),
    ...compareContainer({ wanted: body, actual: found, defaults: image?.defaults ?? nothing }),
  ];
  return [[replaces.id, seen.length > 0 ? seen : unseen({ step, project, replaces, found, image })]];
}

interface Looked {
  readonly step: StepOf<"container.create">;
  readonly project: Project;
  readonly replaces: ObservedContainer;
  readonly found: Raw;
  readonly image: ObservedImage | undefined;
}

function unseen({ step, project, replaces, found, image }: Looked): readonly FieldChange[] {
  return unseenChange({
    service: step.service,
    hash: replaces.labels.get(composeLabels.configHash) ?? "",
    hashing: {
      idOf: (parent) => step.references.get(parent)?.[0]?.id,
      defaultPlatform: project.environment.get("DOCKER_DEFAULT_PLATFORM"),
    },
    host: raw(found["HostConfig"]),
    image,
  });
}

/** A temporary name is what an interrupted replacement has left, and nobody's wish. */
function renaming(before: string, after: string): readonly FieldChange[] {
  return before === after || before.endsWith(`_${after}`) ? [] : [{ path: "container_name", before, after }];
}
