import type { LoadedTree } from "../loader/options.ts";
import type { Listing } from "./config/list.ts";
import { reportedDocument, reportedProject } from "./config/load.ts";
import type { ShowOptions } from "./config/show.ts";
import type { ActionContext, LoadOptions } from "./context.ts";

export interface ConfigOptions extends ShowOptions {
  /** Empty: all that the profiles enable. */
  readonly services: readonly string[];
  /** Instead of the whole project, names of what is in it. */
  readonly list?: Listing | "variables" | "environment" | undefined;
  /** Config hashes of these services, separated by commas; "*" for all. */
  readonly hash?: string | undefined;
  /** Instead of the project, where the value at this path comes from. */
  readonly explain?: string | undefined;
  /** Replace `${…}`. */
  readonly interpolate: boolean;
  /** Add what nobody wrote: default network, names. */
  readonly normalize: boolean;
  /** Make paths absolute. */
  readonly resolvePaths: boolean;
  /** Check whether the parts fit each other. */
  readonly checkConsistency: boolean;
  /** Read the env files of services. */
  readonly resolveEnvironment: boolean;
  /** Load and check, and print nothing. */
  readonly quiet: boolean;
}

/**
 * The project after everything the loader does to it, or a list of what is in it, as text.
 * What only some flags need is imported by them: most runs check a project and say nothing.
 */
export async function config(context: ActionContext, options: ConfigOptions): Promise<string> {
  const source = loadOptions(context, options);
  if (options.explain !== undefined)
    return explainPath(await reportedDocument(context, source), options.explain, options.format);
  if (options.list !== undefined || options.hash !== undefined) return listed(context, source, options);
  if (!options.interpolate) {
    const loaded = await reportedDocument(context, source);
    if (options.quiet) return "";
    const { showDocument } = await import("./config/show.ts");
    return showDocument(context, { loaded, source }, options);
  }
  const project = await reportedProject(context, source);
  if (options.quiet) return "";
  const { showProject } = await import("./config/show.ts");
  return showProject(context, project, options);
}

async function listed(context: ActionContext, source: LoadOptions, options: ConfigOptions): Promise<string> {
  const { list, hash, format } = options;
  const { listEnvironment, listHashes, listProject, listTree, listVariables } = await import("./config/list.ts");
  if (list === "variables") {
    const { tree } = await reportedDocument(context, { ...source, interpolate: false });
    return listVariables(tree, format);
  }
  if (list === "environment") return listEnvironment(await reportedProject(context, source));
  if (list === undefined) return listHashes(await reportedProject(context, source), hash ?? "*");
  // Names are the same whatever env files say; on a machine that only wants the images these may not even be there.
  if (options.interpolate)
    return listProject(await reportedProject(context, { ...source, resolveEnvironment: false }), list);
  return listTree((await reportedDocument(context, source)).tree, list);
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
  // Hashes are of one service each, and lists are of the whole project; only images are asked for by service.
  const selects = services.length > 0 && hash === undefined && (list === undefined || list === "images");
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
