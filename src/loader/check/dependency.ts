import type { Report, Span } from "../../model/diagnostic.ts";
import type { Service } from "../../model/project.ts";
import { errorAt } from "../blame.ts";
import { keySpan, valueSpan } from "../place.ts";
import type { MapTree, TreePath } from "../tree.ts";
import { serviceHint, type Subject } from "./subject.ts";

export interface Reference {
  readonly target: string;
  /** "depends on", "is linked to" */
  readonly how: string;
  readonly required: boolean;
  readonly at: Span;
  readonly path: TreePath;
}

/** A service that another one needs has to exist, and to be enabled. */
export function checkDependencies(service: Service, subject: Subject, report: Report): void {
  const told = new Set<string>();
  for (const reference of referencesOf(service, subject.tree)) {
    if (subject.enabled.has(reference.target) || told.has(reference.target)) continue;
    told.add(reference.target);
    const disabled = subject.document.services.get(reference.target);
    if (disabled !== undefined && !reference.required) continue;
    const { at, path } = reference;
    const message = `service "${service.name}" ${reference.how} "${reference.target}", ${problem(disabled)}`;
    const hint = disabled === undefined ? undefinedHint(reference, subject) : disabledHint(disabled, reference);
    report(
      errorAt(message, { code: disabled === undefined ? "undefined-service" : "disabled-service", at, path, hint }),
    );
  }
}

/** Every way in which a service names another one; what is written comes before what follows from it. */
export function referencesOf(service: Service, tree: MapTree): readonly Reference[] {
  const path = ["services", service.name];
  const found: Reference[] = [];
  const add = (target: string, how: string, place: TreePath): void => {
    found.push({ target, how, required: true, at: valueSpan(tree, place), path: place });
  };
  for (const [index, link] of service.links?.entries() ?? [])
    add(beforeColon(link), "is linked to", [...path, "links", index]);
  for (const [key, how] of sharing) {
    const mode = service[key];
    if (mode?.startsWith("service:") === true) add(mode.slice("service:".length), how, [...path, key]);
  }
  for (const [index, source] of service.volumes_from?.entries() ?? [])
    if (!source.startsWith("container:"))
      add(beforeColon(source), "takes the volumes of", [...path, "volumes_from", index]);
  const implied = new Set(found.map((each) => each.target));
  for (const [target, { required }] of service.depends_on ?? []) {
    const place = [...path, "depends_on", target];
    if (!implied.has(target))
      found.push({ target, how: "depends on", required, at: keySpan(tree, place), path: place });
  }
  return found;
}

const sharing = [
  ["network_mode", "shares the network of"],
  ["ipc", "shares the memory of"],
  ["pid", "shares the processes of"],
  ["uts", "shares the host name of"],
  ["cgroup", "shares the cgroup of"],
] as const;

function problem(disabled: Service | undefined): string {
  if (disabled === undefined) return "which is not a service of this project";
  const profiles = disabled.profiles ?? [];
  const names = profiles.map((each) => `"${each}"`).join(" or ");
  return profiles.length === 0 ? "which is not selected" : `which only profile ${names} enables`;
}

function disabledHint(disabled: Service, { how }: Reference): string {
  const [profile] = disabled.profiles ?? [];
  const enable = `add --profile ${profile ?? "NAME"}, or give both services the same profiles`;
  return how === "depends on" ? `${enable}, or set "required: false" for the dependency` : enable;
}

function undefinedHint({ target }: Reference, { document }: Subject): string {
  return serviceHint(target, document.services.keys());
}

function beforeColon(text: string): string {
  return text.split(":", 1)[0] ?? text;
}
