import { composeLabels } from "../model/labels.ts";
import type { ObservedContainer, ObservedState } from "../model/observed.ts";

/** Containers of the service, in the order of their numbers; what `run` made only with "one-offs". */
export function containersOf(
  { containers }: Pick<ObservedState, "containers">,
  service: string,
  kind: "regular" | "with one-offs" = "regular",
): readonly ObservedContainer[] {
  return containers
    .filter((each) => each.service === service && !isHook(each) && (kind === "with one-offs" || !each.oneOff))
    .sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity) || a.name.localeCompare(b.name));
}

/** A container of a pre_start hook that was left behind. */
export function isHook({ labels }: ObservedContainer): boolean {
  return labels.has(composeLabels.hook);
}

/** No names mean all. */
export function isChosen(services: readonly string[], name: string): boolean {
  return services.length === 0 || services.includes(name);
}
