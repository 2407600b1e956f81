import path from "node:path";

import type { Diagnostic, Source, Span } from "../model/diagnostic.ts";
import type { StringMap } from "../model/project.ts";
import { errorAt } from "./blame.ts";
import { parseSource } from "./compose-file.ts";
import { isRemoteReference } from "./remote/reference.ts";
import { readSource } from "./source.ts";
import { parseTemplate } from "./syntax/interpolation.ts";
import { substitute } from "./syntax/substitute.ts";
import { child, type ScalarTree, type Tree } from "./tree.ts";

/** A file of a project on its way into a registry. */
export interface PublishedFile {
  readonly kind: "compose" | "extended" | "env";
  /** Files beside each other: what the compose files call them. */
  readonly name: string;
  readonly text: string;
  /** Where it is here. */
  readonly source: Source;
}

export interface Publication {
  readonly files: readonly PublishedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface PublicationRequest {
  /** Absolute paths, in the order in which they override each other. */
  readonly files: readonly string[];
  /** Where the paths in them start. */
  readonly workingDir: string;
  /** For paths with variables in them: the artifact has to name what is in it. */
  readonly environment: StringMap;
  /** A name for a text: the same for the same. */
  readonly nameFor: (text: string) => string;
}

/**
 * The files of a project as they can stand alone: what they extend and their env files go with them, under names
 * without a folder. Nothing else of the text changes, variables and comments included.
 */
export async function publicationOf(request: PublicationRequest): Promise<Publication> {
  const diagnostics: Diagnostic[] = [];
  const gathering: Gathering = { request, files: [], seen: new Map(), report: (each) => diagnostics.push(each) };
  for (const file of request.files) await addComposeFile(file, gathering);
  return { files: [...gathering.files].sort((one, other) => rank[one.kind] - rank[other.kind]), diagnostics };
}

const rank = { compose: 0, extended: 1, env: 2 } as const;

interface Gathering {
  readonly request: PublicationRequest;
  readonly files: PublishedFile[];
  /** Path → name, of what was added. */
  readonly seen: Map<string, string>;
  readonly report: (diagnostic: Diagnostic) => void;
}

async function addComposeFile(file: string, gathering: Gathering): Promise<void> {
  const source = await readSource({ path: file, role: "compose file", report: gathering.report });
  if (source === undefined) return;
  const text = await standingAlone(source, gathering.request.workingDir, gathering);
  gathering.files.push({ kind: "compose", name: path.basename(file), text, source });
}

interface Edit {
  readonly at: Span;
  readonly text: string;
}

/** The text with the names that its neighbours have in the artifact. */
async function standingAlone(source: Source, folder: string, gathering: Gathering): Promise<string> {
  const parsed = await parseSource(source, gathering.report);
  const edits: Edit[] = [];
  for (const { root } of parsed?.documents ?? []) {
    refuseIncludes(root, gathering);
    const services = child(root, "services");
    if (services?.kind !== "map") continue;
    for (const { value } of services.entries.values()) {
      const extended = child(child(value, "extends"), "file");
      if (extended?.kind === "scalar") edits.push(...(await neighbour(extended, "extended", folder, gathering)));
      for (const each of envFiles(child(value, "env_file"))) {
        edits.push(...(await neighbour(each, "env", folder, gathering)));
      }
    }
  }
  return withEdits(source.text, edits);
}

/** Other projects in it would need folders, which an artifact has not. */
function refuseIncludes(root: Tree, { report }: Gathering): void {
  const include = child(root, "include");
  if (include?.kind !== "list") return;
  for (const item of include.items) {
    const paths = item.kind === "map" ? child(item, "path") : item;
    for (const each of paths?.kind === "list" ? paths.items : paths === undefined ? [] : [paths]) {
      if (each.kind !== "scalar" || isRemoteReference(String(each.value))) continue;
      const hint = "publish that project by itself, and include it by its oci:// reference";
      report(
        errorAt("a local file that is included cannot be published", { code: "local-include", at: each.at, hint }),
      );
    }
  }
}

function envFiles(tree: Tree | undefined): readonly ScalarTree[] {
  const items = tree === undefined ? [] : tree.kind === "list" ? tree.items : [tree];
  return items.flatMap((item) => {
    const named = item.kind === "map" ? child(item, "path") : item;
    return named?.kind === "scalar" && named.value !== null ? [named] : [];
  });
}

async function neighbour(
  reference: ScalarTree,
  kind: "extended" | "env",
  folder: string,
  gathering: Gathering,
): Promise<readonly Edit[]> {
  const named = filledIn(String(reference.value), gathering.request.environment);
  if (isRemoteReference(named)) return [];
  const file = path.resolve(folder, named);
  const known = gathering.seen.get(file);
  if (known !== undefined) return [{ at: reference.at, text: known }];
  const missing: Diagnostic[] = [];
  const role = kind === "env" ? "env file" : "compose file";
  const source = await readSource({ path: file, role, at: reference.at, report: (each) => missing.push(each) });
  if (source === undefined) {
    // An env file that need not be there need not be in the artifact.
    if (kind !== "env") for (const each of missing) gathering.report(each);
    return [];
  }
  const name = `${gathering.request.nameFor(`${kind} ${source.text}`)}.${kind === "env" ? "env" : "yaml"}`;
  gathering.seen.set(file, name);
  const text = kind === "env" ? source.text : await standingAlone(source, path.dirname(file), gathering);
  if (!gathering.files.some((each) => each.name === name)) gathering.files.push({ kind, name, text, source });
  return [{ at: reference.at, text: name }];
}

function filledIn(text: string, environment: StringMap): string {
  const template = parseTemplate(text);
  return template.ok ? substitute(template.value, (name) => environment.get(name)).value : text;
}

function withEdits(text: string, edits: readonly Edit[]): string {
  // An anchor that several services repeat is written once.
  const once = new Map(edits.map((edit) => [edit.at.start, edit]));
  return [...once.values()]
    .sort((one, other) => other.at.start - one.at.start)
    .reduce((changed, { at, text: name }) => {
      const quote = /["']/.exec(changed.charAt(at.start))?.[0] ?? "";
      return `${changed.slice(0, at.start)}${quote}${name}${quote}${changed.slice(at.end)}`;
    }, text);
}
