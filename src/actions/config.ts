import type { LoadedTree } from "../loader/options.ts";
import { loadDocument, loadProject } from "../loader/project.ts";
import type { MapTree } from "../loader/tree.ts";
import { ProjectError } from "../model/error.ts";
import type { Project } from "../model/project.ts";
import type { Listing } from "./config/list.ts";
import type { ActionContext, LoadOptions } from "./context.ts";

export interface ConfigOptions {
  /** Empty: all that the profiles enable. */
  readonly services: readonly string[];
  readonly format?: "yaml" | "json" | undefined;
  /** Instead of the whole project, names of what is in it. */
  readonly list?: Listing | "variables" | "environment" | undefined;
  /** Config hashes of these services, separated by commas; "*" for all. */
  readonly hash?: string | undefined;
  /** Instead of the project, where the value at this path comes from. */
  readonly explain?: string | undefined;
  readonly interpolate: boolean;
  readonly normalize: boolean;
  readonly resolvePaths: boolean;
  readonly checkConsistency: boolean;
  readonly resolveEnvironment: boolean;
  /** Images by digest instead of tag; "only": nothing but these images. */
  readonly digests?: "resolve" | "only" | undefined;
  /** Load and check, and print nothing. */
  readonly quiet: boolean;
}

/** The project after everything the loader does to it, or a list of what is in it, as text. */
export async function config(context: ActionContext, options: ConfigOptions): Promise<string> {
  const source = loadOptions(context, options);
  if (options.list === "variables") {
    return listVariables((await document(context, { ...source, interpolate: false })).tree, options.format);
  }
  if (options.list === "environment") return listEnvironment(await project(context, source));
  if (options.explain !== undefined)
    return explainPath(await document(context, source), options.explain, options.format);
  if (options.hash !== undefined) return listHashes(await project(context, source), options.hash);
  if (!options.interpolate) return configAsWritten(context, source, options);
  const loaded = await project(context, source);
  if (options.list !== undefined) return listProject(loaded, options.list);
  if (options.quiet) return "";
  return print(projectDocument(await withDigests(context, loaded, options), style(options)), options);
}

async function explainPath(loaded: LoadedTree, path: string, format: ConfigOptions["format"]): Promise<string> {
  const { explain } = await import("../loader/explain.ts");
  const explanation = await explain(loaded, path);
  if (format === "json") return JSON.stringify(explanation, undefined, 2);
  const { formatExplanation } = await import("../loader/explain-text.ts");
  return formatExplanation(explanation, loaded.workingDir);
}

function loadOptions({ source }: ActionContext, options: ConfigOptions): LoadOptions {
  const { services, list, hash } = options;
  const normalize = options.normalize && source.compatibility !== true;
  // Hashes are of one service each, and a list of profiles is of all services.
  const selects = services.length > 0 && hash === undefined && list !== "profiles";
  return {
    ...source,
    interpolate: options.interpolate,
    normalize,
    resolvePaths: options.resolvePaths,
    checkConsistency: options.checkConsistency,
    resolveEnvironment: options.resolveEnvironment,
    ...(selects && { select: { services, dependencies: true }, readUnselected: true }),
  };
}

async function project(context: ActionContext, source: LoadOptions): Promise<Project> {
  const { project, warnings } = await loadProject(source);
  for (const warning of warnings) context.report(warning);
  return project;
}

async function document(context: ActionContext, source: LoadOptions): Promise<LoadedTree> {
  const loaded = await loadDocument(source);
  if (loaded.diagnostics.some((each) => each.severity === "error")) throw new ProjectError(loaded.diagnostics);
  for (const warning of loaded.diagnostics) context.report(warning);
  return loaded;
}

/** Variables are not replaced, so that little can be decoded: the document itself is shown. */
async function configAsWritten(context: ActionContext, source: LoadOptions, options: ConfigOptions): Promise<string> {
  const { tree, name } = await document(context, source);
  if (options.list !== undefined) return listTree(tree, options.list);
  if (options.quiet) return "";
  const named = source.normalize === true ? withName(tree, name) : tree;
  const written = treeDocument(named, style(options));
  if (options.digests === undefined) return printWritten(written, options);
  // A digest can only be looked up of an image whose name is known.
  const { services } = await resolveImages(await project(context, { ...source, interpolate: true }), context);
  return printWritten(lockImages(written, services, options.digests), options);
}

function withName(tree: MapTree, name: string): MapTree {
  const value = { kind: "scalar", value: name, at: tree.at } as const;
  return { ...tree, entries: new Map(tree.entries).set("name", { key: tree.at, value }) };
}

async function withDigests(context: ActionContext, loaded: Project, { digests }: ConfigOptions): Promise<Project> {
  if (digests === undefined) return loaded;
  const resolved = await resolveImages(loaded, context);
  if (digests === "resolve") return resolved;
  const none = new Map();
  const services = new Map(
    [...resolved.services.values()].map(({ name, image }) => [name, { name, ...(image !== undefined && { image }) }]),
  );
  const rest = { networks: none, volumes: none, secrets: none, configs: none, models: none, extensions: none };
  return { ...resolved, ...rest, name: "", services };
}

function style({ format }: ConfigOptions): DocumentStyle {
  return format === "json" ? jsonStyle : yamlStyle;
}

function print(printed: DocumentMap, options: ConfigOptions): string {
  return doubleDollars(printWritten(printed, options));
}

function printWritten(printed: DocumentMap, { format }: ConfigOptions): string {
  return format === "json" ? printJson(printed) : printYaml(printed);
}
