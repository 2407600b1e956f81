import path from "node:path";

import type { Diagnostic, DiagnosticNote, Span } from "../model/diagnostic.ts";
import { nearest } from "../model/suggest.ts";
import { errorAt } from "./blame.ts";
import { locateFile, readComposeFile, type ComposeFile, type Loading } from "./compose-file.ts";
import type { Variables } from "./env-files.ts";
import { mergeServices } from "./merge.ts";
import { clearPaths } from "./reset.ts";
import { child, type MapEntry, type MapTree, type Tree, type TreePath } from "./tree.ts";
import { withEntry, withoutEntry } from "./walk.ts";

/** Where the name of an extended service is looked up. */
export interface Scope {
  /** Of the file, to tell services of the same name apart. */
  readonly file: string;
  readonly services: ReadonlyMap<string, MapEntry>;
  /** Services that an include brings; they have no `extends` any more. */
  readonly included: ReadonlyMap<string, MapEntry>;
  /** What `!reset` and `!override` of the file clear in what its services extend. */
  readonly cleared: readonly TreePath[];
  readonly resolved: Map<string, Tree>;
}

export interface ExtendsContext {
  /** What `extends.file` starts from; the one of an extended file has been resolved when that file was prepared. */
  readonly folder: string;
  readonly loading: Loading;
  readonly variables: Variables;
  /** Reads a file for its services: interpolated, in long form, its paths relative to `base`. */
  readonly prepare: (file: ComposeFile, base: string) => Prepared | undefined;
  /** Files that were extended before. */
  readonly scopes: Map<string, Scope | undefined>;
}

interface Prepared {
  readonly tree: MapTree;
  readonly cleared: readonly TreePath[];
}

interface Hop {
  readonly file: string;
  readonly service: string;
  readonly at: Span;
}

/** Merges every service that extends another one with it. */
export async function applyExtends(document: MapTree, scope: Scope, context: ExtendsContext): Promise<MapTree> {
  const section = document.entries.get("services");
  if (section?.value.kind !== "map") return document;
  const entries = new Map(section.value.entries);
  for (const [name, entry] of scope.services) {
    if (child(entry.value, "extends") === undefined) continue;
    entries.set(name, { key: entry.key, value: await resolve(name, scope, { ...context, hops: [] }) });
  }
  return withEntry(document, "services", { key: section.key, value: { ...section.value, entries } });
}

/** Chains that people write have two or three links; what is far longer would overflow the stack. */
const mostHops = 100;

interface Resolution extends ExtendsContext {
  /** From the service that was looked at first to this one. */
  readonly hops: readonly Hop[];
}

async function resolve(name: string, scope: Scope, context: Resolution): Promise<Tree> {
  const service = scope.services.get(name)?.value ?? scope.included.get(name)?.value;
  if (service === undefined) throw new RangeError(`service "${name}" was looked up before`);
  const reference = child(service, "extends");
  if (service.kind !== "map" || reference === undefined) return service;
  const known = scope.resolved.get(name);
  if (known !== undefined) return known;
  const own = withoutEntry(service, "extends");
  const base = await findBase({ name, reference, scope }, context);
  // Of an empty service nothing can be taken over; docker compose then keeps the reference.
  const isEmpty = base?.kind === "scalar" && base.value === null;
  const merged = base?.kind === "map" ? extend(name, { base, own, scope }, context) : isEmpty ? service : own;
  scope.resolved.set(name, merged);
  return merged;
}

function extend(
  name: string,
  parts: { readonly base: MapTree; readonly own: MapTree; readonly scope: Scope },
  { loading }: Resolution,
): MapTree {
  const { base, own, scope } = parts;
  const paths = scope.cleared.flatMap((cleared) =>
    cleared[0] === "services" && cleared[1] === name ? [cleared.slice(2)] : [],
  );
  const { history, report } = loading;
  return mergeServices(clearPaths(base, paths), own, { history, report, name });
}

interface Extending {
  readonly name: string;
  readonly reference: Tree;
  readonly scope: Scope;
}

async function findBase({ name, reference, scope }: Extending, context: Resolution): Promise<Tree | undefined> {
  const { report } = context.loading;
  const wanted = reference.kind === "map" ? child(reference, "service") : reference;
  if (wanted?.kind !== "scalar" || typeof wanted.value !== "string") {
    report(
      errorAt(`services.${name}.extends: service is required`, {
        code: "invalid-extends",
        at: wanted?.at ?? reference.at,
        path: ["services", name, "extends"],
        hint: "name the service to extend",
      }),
    );
    return undefined;
  }
  const hops = [...context.hops, { file: scope.file, service: name, at: reference.at }];
  const file = child(reference, "file");
  if (hops.length > mostHops) {
    report(
      errorAt(`services extend each other in a chain of more than ${mostHops}`, {
        code: "extends-chain",
        at: wanted.at,
      }),
    );
    return undefined;
  }
  const base = file === undefined ? scope : await openScope(file, context);
  if (base === undefined) return undefined;
  if (hops.some((hop) => hop.file === base.file && hop.service === wanted.value)) {
    report(circular(hops, { file: base.file, service: wanted.value, at: wanted.at }));
    return undefined;
  }
  if (base.services.has(wanted.value) || base.included.has(wanted.value))
    return resolve(wanted.value, base, { ...context, hops });
  report(notFound(name, { wanted: wanted.value, at: wanted.at, base, file }));
  return undefined;
}

async function openScope(file: Tree, context: ExtendsContext): Promise<Scope | undefined> {
  if (file.kind !== "scalar" || typeof file.value !== "string") return undefined;
  const { folder, loading, scopes, variables } = context;
  const wanted = { reference: file.value, folder, at: file.at, environment: variables.values };
  const located = await locateFile(wanted, loading);
  if (located === undefined) return undefined;
  if (!scopes.has(located.path)) {
    const reading = { file: located.path, at: file.at, environment: variables.values };
    const read = await readComposeFile(reading, loading);
    const base = path.relative(folder, located.folder) || ".";
    scopes.set(located.path, read && makeScope(read, base, context));
  }
  return scopes.get(located.path);
}

/** Absent: nothing in the file can be used, which has been reported. */
function makeScope(file: ComposeFile, base: string, { prepare }: ExtendsContext): Scope | undefined {
  const prepared = prepare(file, base);
  if (prepared === undefined) return undefined;
  const services = child(prepared.tree, "services");
  return {
    file: file.path,
    services: services?.kind === "map" ? services.entries : new Map<string, MapEntry>(),
    included: new Map(),
    cleared: prepared.cleared,
    resolved: new Map(),
  };
}

function circular(hops: readonly Hop[], last: Hop): Diagnostic {
  const start = hops.findIndex((hop) => hop.file === last.file && hop.service === last.service);
  const cycle = [...hops.slice(start), last];
  // The last edge is where the error itself points.
  const notes = cycle.slice(0, -2).map((hop, index): DiagnosticNote => {
    const next = cycle[index + 1];
    return { message: `"${hop.service}" extends "${next?.service ?? ""}" here`, at: hop.at };
  });
  const chain = cycle.map((hop) => hop.service).join(" → ");
  return errorAt(`circular reference: services extend each other: ${chain}`, {
    code: "extends-cycle",
    at: last.at,
    notes,
    hint: "move what they share to a service of its own",
  });
}

interface Missing {
  readonly wanted: string;
  readonly at: Span;
  readonly base: Scope;
  readonly file: Tree | undefined;
}

function notFound(name: string, { wanted, at, base, file }: Missing): Diagnostic {
  const where = file === undefined ? "this file" : base.file;
  const similar = nearest(wanted, base.services.keys());
  const hint =
    similar === undefined
      ? file === undefined
        ? 'a service of another file is found with "file" beside "service"'
        : "is it the right file?"
      : `did you mean "${similar}"?`;
  const message = `service "${name}" extends "${wanted}", but ${where} has no such service`;
  return errorAt(message, { code: "unknown-service", at, path: ["services", name, "extends"], hint });
}
