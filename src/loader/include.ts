import path from "node:path";

import type { Diagnostic, Report, Span } from "../model/diagnostic.ts";
import { errorAt, warningAt } from "./blame.ts";
import { locateFile, readComposeFile, type ComposeFile, type Loading, type Located } from "./compose-file.ts";
import { isFile, isFolder } from "./discover.ts";
import { addEnvFiles, type Variables } from "./env-files.ts";
import { child, type MapEntry, type MapTree, type ScalarTree, type Tree } from "./tree.ts";
import { withEntry } from "./walk.ts";

/** Files that are loaded together, with one folder and one environment: the project's, or those of an include. */
export interface Part {
  readonly files: readonly ComposeFile[];
  readonly folder: string;
  /** What relative paths in it start from, seen from who includes it; absent: they stay as they are. */
  readonly base: string | undefined;
  readonly variables: Variables;
  /** From the project's first file to this part. */
  readonly chain: readonly { readonly file: string; readonly at?: Span | undefined }[];
}

export interface IncludeContext {
  readonly part: Part;
  readonly loading: Loading;
  readonly loadPart: (part: Part, loading: Loading) => Promise<MapTree>;
}

const kinds = ["services", "volumes", "networks", "secrets", "configs", "models"];

/** What the includes of a document bring, each loaded like a project of its own. */
export async function loadIncludes(document: MapTree, context: IncludeContext): Promise<readonly MapTree[]> {
  const include = child(document, "include");
  if (include === undefined || isNull(include)) return [];
  const { report } = context.loading;
  if (include.kind !== "list") {
    const hint = "write each file as an item: include: [other.yaml]";
    report(errorAt("`include` must be a list", { code: "wrong-type", at: include.at, path: ["include"], hint }));
    return [];
  }
  const imported: MapTree[] = [];
  for (const item of include.items) {
    const part = await openInclude(item, context);
    if (part !== undefined) imported.push(await context.loadPart(part, context.loading));
  }
  return imported;
}

/** Puts what is included beside what the document says itself. */
export function importParts(document: MapTree, imported: readonly MapTree[], report: Report): MapTree {
  let tree = document;
  for (const part of imported) {
    for (const kind of kinds) {
      const from = part.entries.get(kind);
      if (from?.value.kind !== "map") continue;
      const to = tree.entries.get(kind);
      const own =
        to?.value.kind === "map"
          ? to.value
          : { kind: "map" as const, at: from.value.at, entries: new Map<string, MapEntry>() };
      const value = importEntries(kind, { own, from: from.value }, report);
      tree = withEntry(tree, kind, { key: to?.key ?? from.key, value });
    }
  }
  return tree;
}

function importEntries(
  kind: string,
  { own, from }: { readonly own: MapTree; readonly from: MapTree },
  report: Report,
): MapTree {
  const entries = new Map(own.entries);
  for (const [name, entry] of from.entries) {
    const before = entries.get(name);
    if (before === undefined) entries.set(name, entry);
    else if (!isSame(before.value, entry.value)) report(conflict(`${kind}.${name}`, before, entry));
  }
  return { ...own, entries };
}

function conflict(name: string, own: MapEntry, imported: MapEntry): Diagnostic {
  return errorAt(`${name} conflicts with an imported resource of the same name`, {
    code: "include-conflict",
    at: own.key,
    notes: [{ message: "imported from here", at: imported.key }],
    hint: "give one another name, or change the included one in an override file",
  });
}

/** Whether both say the same; where they are written makes no difference. */
function isSame(left: Tree, right: Tree): boolean {
  if (left === right) return true;
  if (left.kind === "scalar") return right.kind === "scalar" && left.value === right.value;
  if (left.kind === "list") {
    if (right.kind !== "list" || left.items.length !== right.items.length) return false;
    return left.items.every((item, index) => isSameOptional(item, right.items[index]));
  }
  if (right.kind !== "map" || left.entries.size !== right.entries.size) return false;
  return Array.from(left.entries).every(([key, { value }]) => isSameOptional(value, child(right, key)));
}

function isSameOptional(left: Tree, right: Tree | undefined): boolean {
  return right !== undefined && isSame(left, right);
}

async function openInclude(item: Tree, context: IncludeContext): Promise<Part | undefined> {
  const { part, loading } = context;
  const names = textsOf(item.kind === "map" ? child(item, "path") : item);
  const [first] = names;
  if (first === undefined) {
    const details = { code: "invalid-include", at: item.at, path: ["include"] };
    const hint = "write the path of a file, or a mapping with path";
    const say = isNull(item) ? warningAt : errorAt;
    loading.report(say("an include names no file", { ...details, hint }));
    return undefined;
  }
  const main = await locate(first, context);
  if (main === undefined) return undefined;
  const cycle = part.chain.findIndex(({ file }) => file === main.path);
  if (cycle !== -1) {
    loading.report(circular([...part.chain.slice(cycle), { file: main.path, at: first.at }]));
    return undefined;
  }
  const { folder, base } = await folderOf(item, main, part);
  const variables = await variablesOf(item, folder, context);
  return {
    files: await readFiles(names, variables, context),
    folder,
    base,
    variables,
    chain: [...part.chain, { file: main.path, at: first.at }],
  };
}

async function readFiles(
  names: readonly ScalarTree[],
  { values: environment }: Variables,
  context: IncludeContext,
): Promise<readonly ComposeFile[]> {
  const files: ComposeFile[] = [];
  for (const name of names) {
    const located = await locate(name, context);
    const reading = located && { file: located.path, at: name.at, environment };
    const file = reading && (await readComposeFile(reading, context.loading));
    if (file !== undefined) files.push(file);
  }
  return files;
}

function locate(name: ScalarTree, { part, loading }: IncludeContext): Promise<Located | undefined> {
  const wanted = {
    reference: String(name.value),
    folder: part.folder,
    at: name.at,
    environment: part.variables.values,
  };
  return locateFile(wanted, loading);
}

async function folderOf(item: Tree, main: Located, part: Part): Promise<Pick<Part, "folder" | "base">> {
  const [directory] = textsOf(child(item, "project_directory"));
  const given = directory === undefined || directory.value === "" ? undefined : String(directory.value);
  const folder = given === undefined ? main.folder : path.resolve(part.folder, given);
  // A file stands for the folder that it is in, and so does, to docker compose, what does not exist.
  const start = given === undefined || path.isAbsolute(given) || isFolder(folder) ? folder : path.dirname(folder);
  return { folder, base: path.relative(part.folder, start) || "." };
}

/** Who includes wins over the env files of the include. */
async function variablesOf(item: Tree, folder: string, { part, loading }: IncludeContext): Promise<Variables> {
  const named = textsOf(child(item, "env_file"));
  const own = path.join(folder, ".env");
  const files =
    named.length > 0
      ? named.map(({ value, at }) => ({ path: path.resolve(part.folder, String(value)), at }))
      : isFile(own)
        ? [{ path: own }]
        : [];
  // /dev/null says that there is none.
  const wanted = files.filter((file) => file.path !== "/dev/null");
  return addEnvFiles({ files: wanted, outer: part.variables, report: loading.report });
}

function isNull(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}

function textsOf(tree: Tree | undefined): readonly ScalarTree[] {
  if (tree === undefined) return [];
  const items = tree.kind === "list" ? tree.items : [tree];
  return items.flatMap((item) => (item.kind === "scalar" && typeof item.value === "string" ? [item] : []));
}

function circular(chain: Part["chain"]): Diagnostic {
  const last = chain.at(-1);
  const notes = chain.slice(1, -1).map(({ file, at }) => ({ message: `${file} is included here`, ...(at && { at }) }));
  const names = chain.map(({ file }) => file).join(" → ");
  return errorAt(`include cycle detected: ${names}`, {
    code: "include-cycle",
    at: last?.at,
    notes,
    hint: "move what they share to a file of its own",
  });
}
