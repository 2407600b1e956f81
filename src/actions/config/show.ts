import type { LoadedTree } from "../../loader/options.ts";
import { doubleDollars, printJson, printYaml } from "../../loader/print.ts";
import { treeDocument } from "../../loader/tree-document.ts";
import type { MapTree } from "../../loader/tree.ts";
import { jsonStyle, projectDocument, yamlStyle, type DocumentMap, type DocumentStyle } from "../../model/document.ts";
import type { Project } from "../../model/project.ts";
import type { ActionContext, LoadOptions } from "../context.ts";
import { reportedProject } from "./load.ts";

export interface ShowOptions {
  readonly format?: "yaml" | "json" | undefined;
  /** Images by digest instead of tag; "only": nothing but these images. */
  readonly digests?: "resolve" | "only" | undefined;
}

/** The project as the loader understands it. */
export async function showProject(context: ActionContext, project: Project, options: ShowOptions): Promise<string> {
  const shown = options.digests === undefined ? project : await withDigests(context, project, options.digests);
  return doubleDollars(print(projectDocument(shown, style(options)), options));
}

interface Written {
  readonly loaded: LoadedTree;
  readonly source: LoadOptions;
}

/** The document as it is written: variables are not replaced, so that little of it can be decoded. */
export async function showDocument(
  context: ActionContext,
  { loaded, source }: Written,
  options: ShowOptions,
): Promise<string> {
  const named = source.normalize === false ? loaded.tree : withName(loaded.tree, loaded.name);
  const written = treeDocument(named, style(options));
  if (options.digests === undefined) return print(written, options);
  const { lockImages, resolveImages } = await import("./image-digest.ts");
  // A digest can only be looked up of an image whose name is known.
  const project = await reportedProject(context, { ...source, interpolate: true });
  const { services } = await resolveImages(project, context);
  return print(lockImages(written, services, options.digests), options);
}

function withName(tree: MapTree, name: string): MapTree {
  const value = { kind: "scalar", value: name, at: tree.at } as const;
  return { ...tree, entries: new Map(tree.entries).set("name", { key: tree.at, value }) };
}

async function withDigests(context: ActionContext, project: Project, extent: "resolve" | "only"): Promise<Project> {
  const { resolveImages } = await import("./image-digest.ts");
  const resolved = await resolveImages(project, context);
  if (extent === "resolve") return resolved;
  const none = new Map();
  const services = new Map(
    [...resolved.services.values()].map(({ name, image }) => [name, { name, ...(image !== undefined && { image }) }]),
  );
  const rest = { networks: none, volumes: none, secrets: none, configs: none, models: none, extensions: none };
  return { ...resolved, ...rest, name: "", services };
}

function style({ format }: ShowOptions): DocumentStyle {
  return format === "json" ? jsonStyle : yamlStyle;
}

function print(document: DocumentMap, { format }: ShowOptions): string {
  return format === "json" ? printJson(document) : printYaml(document);
}
