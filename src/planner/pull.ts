import type { ObservedImage, ObservedState } from "../model/observed.ts";
import type { Plan } from "../model/plan.ts";
import type { Project, Service } from "../model/project.ts";
import { planBuilder } from "./builder.ts";
import { imageNeeds } from "./images.ts";

export interface PullOptions {
  /** Leave out what can be built here. */
  readonly ignoreBuildable: boolean;
  /** What cannot be pulled is a warning. */
  readonly ignorePullFailures: boolean;
  /** Instead of the services' own. */
  readonly policy?: "missing" | "always" | undefined;
}

/** Asked for by name, so without a policy of its own an image is pulled whether or not it is here. */
export function planPull(project: Project, observed: ObservedState, options: PullOptions): Plan {
  const plan = planBuilder();
  for (const { key, image, platform, owners } of imageNeeds(project)) {
    const named = owners.filter((service) => service.image !== undefined);
    const pulled = named.filter(({ build }) => !(options.ignoreBuildable && build !== undefined));
    if (owners.length > 0 && pulled.length === 0) {
      plan.unchanged(
        `image ${image}`,
        `Skipped - ${named.length === 0 ? "No image to be pulled" : "Image can be built"}`,
      );
    }
    const local = observed.images.get(key);
    const reasons = pulled.map((service) => reasonToPull(service, { local, options }));
    const cause = reasons.find((reason) => reason !== undefined);
    if (cause === undefined) {
      if (pulled.length > 0) plan.unchanged(`image ${image}`, whyNot(local));
      continue;
    }
    plan.add({
      kind: "image.pull",
      after: [],
      resource: `image ${image}`,
      cause,
      image,
      ...(platform !== undefined && { platform }),
      services: pulled.map(({ name }) => name).sort(),
      optional: options.ignorePullFailures || pulled.some(({ build }) => build !== undefined),
    });
  }
  return plan.finish();
}

/** In docker compose's words. */
function whyNot(local: ObservedImage | undefined): string {
  return local === undefined ? "Skipped" : "Skipped - Image is already present locally";
}

interface Circumstances {
  readonly local: ObservedImage | undefined;
  readonly options: PullOptions;
}

/** Who asks for a pull does not want to hear that the image is fresh enough: periods ("daily") are for `up`. */
function reasonToPull(service: Service, { local, options }: Circumstances): string | undefined {
  const policy = options.policy ?? service.pull_policy ?? "always";
  if (policy === "never" || policy === "build") return undefined;
  if (policy !== "missing" && policy !== "if_not_present") return "asked for";
  if (local === undefined) return "missing";
  // A tag that moves may have moved.
  return isLatest(service.image ?? "") ? "latest may be another one now" : undefined;
}

/** No tag means "latest", too; a digest never moves. */
function isLatest(image: string): boolean {
  if (image.includes("@")) return false;
  const last = image.slice(image.lastIndexOf("/") + 1);
  return !last.includes(":") || last.endsWith(":latest");
}
