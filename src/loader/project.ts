import type { Diagnostic, Report, Span } from "../model/diagnostic.ts";
import { ProjectError } from "../model/error.ts";
import { isOn } from "../model/is-on.ts";
import type { Origin, Project, Service } from "../model/project.ts";
import { checkConsistency, checkStructure, type Subject } from "./check.ts";
import { decodeDocument, type DecodedDocument } from "./decode/document.ts";
import { limited } from "./limit.ts";
import { loadTree } from "./load.ts";
import { normalise } from "./normalise.ts";
import type { LoadedTree, LoadOptions } from "./options.ts";
import { contains, originOf, valueSpan } from "./place.ts";
import { enable, prune, select, type Enabled } from "./select.ts";
import { resolveServiceFiles } from "./service-environment.ts";
import { child, type MapTree } from "./tree.ts";

export interface Loaded {
  readonly project: Project;
  /** Nothing that stops anybody, but surely worth a look. */
  readonly warnings: readonly Diagnostic[];
}

/** Files → project. Every mistake that can be found is in the one ProjectError that it rejects with. */
export async function loadProject(options: LoadOptions): Promise<Loaded> {
  const loaded = await loadDocument(options);
  const collected = collector(loaded.diagnostics);
  const { report } = collected;
  const document = decodeDocument(loaded.tree, loaded.environment, report);
  const named = options.select?.services ?? [];
  const enabled = enable(document.services, loaded.profiles, named);
  const isDamaged = (service: Service): boolean =>
    collected.isDamaged(service.name, valueSpan(loaded.tree, ["services", service.name]));
  const subject: Subject = { document, tree: loaded.tree, enabled: enabled.enabled, isDamaged };
  checkStructure(subject, report);
  if (options.checkConsistency !== false) checkConsistency(subject, report);
  const narrow = (to: Enabled): Enabled =>
    options.select === undefined || collected.hasErrors() ? to : select(to, options.select);
  const read = options.readUnselected === true ? enabled : narrow(enabled);
  const services = await resolveServiceFiles(read.enabled, {
    environment: loaded.environment,
    tree: loaded.tree,
    workingDir: loaded.workingDir,
    report,
    envFiles: options.resolveEnvironment !== false,
  });
  if (collected.hasErrors()) throw new ProjectError(collected.all());
  const selected = narrow({
    ...read,
    enabled: options.checkConsistency === false ? services : alignReplicas(services),
  });
  return { project: assemble({ document, loaded, options, selected }), warnings: collected.all() };
}

/** The document as a whole, normal form included; `config --no-interpolate` prints it as it is. */
export async function loadDocument(options: LoadOptions): Promise<LoadedTree> {
  const loaded = await loadTree(options);
  if (options.normalize === false) return loaded;
  const { name: projectName, history } = loaded;
  const environment = options.interpolate === false ? undefined : loaded.environment;
  return { ...loaded, tree: normalise(loaded.tree, { projectName, environment, history }) };
}

interface Collector {
  readonly report: Report;
  readonly all: () => readonly Diagnostic[];
  readonly hasErrors: () => boolean;
  /** Whether there is an error in the service, or where it is written. */
  readonly isDamaged: (service: string, place: Span) => boolean;
}

/** Where there is an error already, nothing more is said: what the schema refused no decoder need refuse again. */
function collector(earlier: readonly Diagnostic[]): Collector {
  const all: Diagnostic[] = [];
  const keep = limited(all);
  const places = new Set<string>();
  const damaged = new Set<string>();
  const note = (diagnostic: Diagnostic): void => {
    for (const place of placesOf(diagnostic)) places.add(place);
    if (diagnostic.severity === "error") for (const service of servicesOf(diagnostic)) damaged.add(service);
  };
  for (const each of earlier) {
    note(each);
    keep(each);
  }
  return {
    report(diagnostic) {
      if (placesOf(diagnostic).some((place) => places.has(place))) return;
      note(diagnostic);
      keep(diagnostic);
    },
    all: () => inReadingOrder(all),
    hasErrors: () => all.some((each) => each.severity === "error"),
    isDamaged: (service, place) =>
      damaged.has(service) ||
      all.some((each) => each.severity === "error" && spansOf(each).some((span) => contains(place, span))),
  };
}

/** Warnings first, so that what stops the work is nearest to the prompt; then file by file, from top to bottom. */
function inReadingOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = new Map<string, number>();
  for (const { at } of diagnostics) if (at && !files.has(at.source.path)) files.set(at.source.path, files.size);
  const rank = ({ severity, at, code }: Diagnostic): readonly number[] => [
    severity === "warning" ? 0 : 1,
    code === "and-more" ? files.size : at === undefined ? -1 : (files.get(at.source.path) ?? 0),
    at?.start ?? 0,
  ];
  return diagnostics.toSorted((left, right) => {
    const others = rank(right);
    return rank(left).reduce((found, value, index) => found || value - (others[index] ?? 0), 0);
  });
}

function placesOf({ path, at, severity }: Diagnostic): readonly string[] {
  const spot = at === undefined ? [] : [`${severity} ${at.start}-${at.end} ${at.source.path}`];
  return severity === "error" && path !== undefined ? [path, ...spot] : spot;
}

function spansOf({ at, notes = [] }: Diagnostic): readonly Span[] {
  return [at, ...notes.map((note) => note.at)].filter((span) => span !== undefined);
}

/** "services.a.b.image" is about service "a", or about service "a.b". */
function servicesOf({ path = "" }: Diagnostic): readonly string[] {
  if (!path.startsWith("services.")) return [];
  const rest = path.slice("services.".length);
  return Array.from(rest.matchAll(/[.[]/g), (separator) => rest.slice(0, separator.index));
}

/** docker compose's check of `scale` against `deploy.replicas` leaves both the same. */
function alignReplicas(services: ReadonlyMap<string, Service>): ReadonlyMap<string, Service> {
  const aligned = new Map(services);
  for (const [name, service] of services) {
    const { scale, deploy } = service;
    if (scale !== undefined && deploy !== undefined)
      aligned.set(name, { ...service, deploy: { ...deploy, replicas: scale } });
  }
  return aligned;
}

interface Parts {
  readonly document: DecodedDocument;
  readonly loaded: LoadedTree;
  readonly options: LoadOptions;
  readonly selected: Enabled;
}

function assemble({ document, loaded, options, selected }: Parts): Project {
  const { networks, volumes, secrets, configs, models, extensions } = document;
  const resources = { networks, volumes, secrets, configs, models };
  return {
    name: loaded.name,
    workingDir: loaded.workingDir,
    files: loaded.files,
    envFiles: loaded.envFiles,
    environment: loaded.environment,
    profiles: selected.profiles.filter((profile) => profile !== ""),
    services: byName(selected.enabled),
    disabledServices: byName(selected.disabled),
    ...(options.allResources === true ? resources : prune(resources, selected.enabled)),
    extensions,
    separator: options.compatibility === true || isOn(loaded.environment.get("COMPOSE_COMPATIBILITY")) ? "_" : "-",
    origins: findOrigins(loaded.tree),
  };
}

function byName<T>(services: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...services].sort(([left], [right]) => (left < right ? -1 : 1)));
}

const sections = ["services", "networks", "volumes", "secrets", "configs", "models"];

function findOrigins(tree: MapTree): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const section of sections) {
    const found = child(tree, section);
    if (found?.kind !== "map") continue;
    for (const [key, entry] of found.entries) origins.set(`${section}.${key}`, originOf(entry.key));
  }
  return origins;
}
