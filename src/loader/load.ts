import type { Diagnostic, Report } from "../model/diagnostic.ts";
import { errorAt } from "./blame.ts";
import { locateFile, parseSource, readComposeFile, type ComposeFile, type Loading } from "./compose-file.ts";
import { findFiles, reportNoFile, workingDirOf } from "./discover.ts";
import type { Variables } from "./env-files.ts";
import { activeProfiles, addDefaultEnvFile, explicitEnvFiles, startVariables } from "./environment.ts";
import { createHistory } from "./history.ts";
import { interpolateTree } from "./interpolate.ts";
import { limited } from "./limit.ts";
import type { LoadedTree, LoadOptions } from "./options.ts";
import { loadPart } from "./part.ts";
import { findProjectName } from "./project-name.ts";
import { isRemoteReference } from "./remote/reference.ts";
import { warnSlips } from "./slips.ts";
import { decodeSource } from "./source.ts";
import { child, type ScalarTree } from "./tree.ts";

/**
 * From options to one document in long form. A mistake is reported and stops nothing but what depends on it, so that
 * one run finds them all:
 */
export async function loadTree(options: LoadOptions): Promise<LoadedTree> {
  const diagnostics: Diagnostic[] = [];
  const report = onceEach(diagnostics);
  const caches = { files: new Map(), fetched: new Map(), remoteFolders: new Set<string>() };
  const loading: Loading = { options, history: createHistory(), report, ...caches };

  // 1 Variables, as far as they are known without files: a .env may name the files.
  const started = await startVariables(options, report);
  const firstFolder = workingDirOf(options, options.files ?? []);
  const early = await addDefaultEnvFile(options, { folder: firstFolder, variables: started, report });

  // 2 Files, and the folder that they make the project's.
  const found = await findFiles(options, early.values, report);
  if (found.length === 0 && options.document === undefined) reportNoFile(options, report);
  const { files, folder } = await openFiles(found, early, loading);

  // 3 The rest of the variables, the project's name among them.
  const workingDir = workingDirOf(options, found);
  const late = await addDefaultEnvFile(options, { folder: workingDir, variables: early, report });
  const { name, namedBy } = findProjectName({
    options,
    variables: late,
    workingDir,
    declared: declaredName(files, late, loading),
    report,
  });
  const variables = { ...late, values: new Map(late.values).set("COMPOSE_PROJECT_NAME", name) };

  // 4 What happens to every document, and to all of them together: see part.ts.
  const base = options.resolvePaths === false ? undefined : folder;
  const chain = files.slice(0, 1).map((file) => ({ file: file.path }));
  const tree = await loadPart({ files, folder, base, variables, chain }, loading);
  if (tree.entries.size === 0 && diagnostics.every(({ severity }) => severity !== "error")) reportEmpty(files, report);
  warnSlips(tree, report);

  return {
    tree,
    name,
    namedBy,
    workingDir: folder,
    files: found,
    envFiles: explicitEnvFiles(options),
    environment: variables.values,
    variables: variables.places,
    profiles: activeProfiles(options, variables),
    history: loading.history,
    diagnostics,
  };
}

/** What is wrong with a place is said once: the first reason is the nearest to what the person did. */
function onceEach(diagnostics: Diagnostic[]): Report {
  const known = new Set<string>();
  const keep = limited(diagnostics);
  return (diagnostic) => {
    const { at, message, severity } = diagnostic;
    const place = at === undefined ? "" : `${at.start}-${at.end} ${at.source.path}`;
    const key = severity === "error" && at !== undefined ? place : `${message} ${place}`;
    if (known.has(key)) return;
    known.add(key);
    keep(diagnostic);
  };
}

interface Opened {
  readonly files: readonly ComposeFile[];
  readonly folder: string;
}

async function openFiles(found: readonly string[], variables: Variables, loading: Loading): Promise<Opened> {
  const { options, report } = loading;
  const files: (ComposeFile | undefined)[] = [];
  let folder: string | undefined;
  if (options.document !== undefined) {
    // JSON is YAML, and a place in it is better than none.
    const text = JSON.stringify(options.document, undefined, 2);
    files.push(await parseSource({ path: "(document)", text }, report));
  }
  for (const reference of found) {
    if (reference === "-") {
      files.push(await readStandardInput(loading));
      continue;
    }
    const wanted = { reference, folder: options.cwd, environment: variables.values };
    const located = await locateFile(wanted, loading);
    if (located === undefined) continue;
    // As docker compose has it: what comes from elsewhere brings its folder, for all files and whatever the flags say.
    if (isRemoteReference(reference)) folder ??= located.folder;
    files.push(await readComposeFile({ file: located.path, environment: variables.values }, loading));
  }
  return { files: files.flatMap((file) => file ?? []), folder: folder ?? workingDirOf(options, found) };
}

async function readStandardInput({ options, report }: Loading): Promise<ComposeFile | undefined> {
  const text = (await options.stdin?.()) ?? "";
  const source = decodeSource("-", Buffer.from(text), report);
  return source && parseSource(source, report);
}

function reportEmpty([file]: readonly ComposeFile[], report: Report): void {
  const hint = 'a project needs at least "services:" with one service';
  report(errorAt(`empty compose file: ${file?.path ?? ""}`, { code: "empty-file", hint }));
}

/** The last document that has a name counts. It is needed before anything else, as variables may use it. */
function declaredName(files: readonly ComposeFile[], variables: Variables, { options }: Loading): string | undefined {
  let declared: ScalarTree | undefined;
  for (const { root } of files.flatMap(({ documents }) => documents)) {
    const name = child(root, "name");
    if (name?.kind === "scalar" && name.value !== null && name.value !== "") declared = name;
  }
  if (declared === undefined || options.interpolate === false) return declared && String(declared.value);
  // What is wrong with it is reported when its document is read.
  const context = { environment: variables.values, variables: variables.places, report: () => undefined };
  const name = interpolateTree(declared, context);
  return name.kind === "scalar" ? String(name.value) : undefined;
}
