import path from "node:path";

import type { Diagnostic, Report, Source, Span } from "../model/diagnostic.ts";
import type { StringMap } from "../model/project.ts";
import { errorAt } from "./blame.ts";
import { isCodeFile } from "./code/code-file.ts";
import type { History } from "./history.ts";
import type { LoadOptions } from "./options.ts";
import { isRemoteReference } from "./remote/reference.ts";
import type { RemoteFile } from "./remote/remote.ts";
import { readSource } from "./source.ts";
import { readYaml, type YamlDocument } from "./yaml/read.ts";

/** One run of the loader. */
export interface Loading {
  readonly options: LoadOptions;
  readonly history: History;
  readonly report: Report;
  /** Files that were read; who extends or includes one again gets it from here, and its mistakes are said once. */
  readonly files: Map<string, Promise<ComposeFile | undefined>>;
  /** What was asked for at other machines: asked once, it is the same for all who name it, also where a branch moves. */
  readonly fetched: Map<string, Promise<RemoteFile>>;
  /** Where it was put. */
  readonly remoteFolders: Set<string>;
}

export interface ComposeFile {
  /** Absolute, or "-". */
  readonly path: string;
  readonly documents: readonly YamlDocument[];
}

export interface Wanted {
  readonly reference: string;
  /** What a relative reference starts from. */
  readonly folder: string;
  /** Where the file is asked for. */
  readonly at?: Span | undefined;
  readonly environment: StringMap;
}

export interface Located {
  readonly path: string;
  readonly folder: string;
}

/** Where a file is on this machine; a remote one is brought here first. */
export async function locateFile(wanted: Wanted, loading: Loading): Promise<Located | undefined> {
  const { reference, folder, at, environment } = wanted;
  if (!isRemoteReference(reference)) {
    const file = path.resolve(folder, reference);
    return { path: file, folder: path.dirname(file) };
  }
  if (loading.options.passive === true) {
    loading.report(errorAt(`${reference} is not fetched here`, { code: "remote-file", at }));
    return undefined;
  }
  const { fetchRemote } = await import("./remote/remote.ts");
  const { signal, registry = { credentials: async () => undefined } } = loading.options;
  try {
    const own = ofProcess(loading.options.environment, environment);
    const fetching = loading.fetched.get(reference) ?? fetchRemote(reference, { environment: own, signal, registry });
    loading.fetched.set(reference, fetching);
    const file = await fetching;
    loading.remoteFolders.add(file.root);
    return { path: file.path, folder: file.workingDir };
  } catch (error) {
    loading.report(remoteFailure(error, at));
    return undefined;
  }
}

/** git runs what GIT_SSH_COMMAND says: an env file, which may have come with a remote file, has no say in that. */
function ofProcess(own: StringMap, known: StringMap): StringMap {
  return new Map([...[...known].filter(([name]) => name.startsWith("COMPOSE_")), ...own]);
}

export interface Reading {
  /** Absolute. */
  readonly file: string;
  /** Where it is asked for. */
  readonly at?: Span | undefined;
  /** What a file that is a program is run with. */
  readonly environment: StringMap;
}

/** Absent: it could not be read, which has been reported. */
export async function readComposeFile(wanted: Reading, loading: Loading): Promise<ComposeFile | undefined> {
  const { file, environment } = wanted;
  const key = isCodeFile(file) ? `${file} ${JSON.stringify([...environment])}` : file;
  const known = loading.files.get(key);
  if (known !== undefined) return known;
  const reading = readFile(wanted, loading);
  loading.files.set(key, reading);
  return reading;
}

export async function parseSource(source: Source, report: Report): Promise<ComposeFile | undefined> {
  const documents = await readYaml(source, report);
  return documents && { path: source.path, documents };
}

async function readFile({ file, at, environment }: Reading, loading: Loading): Promise<ComposeFile | undefined> {
  const { options, report } = loading;
  const source = await readSource({ path: file, role: "compose file", at, report });
  if (source !== undefined && /\.(?:c[jt]s|[jt]sx)$/.test(file)) {
    const hint = "name it .ts, .mts, .js or .mjs, and write import and export default";
    report(errorAt(`${file} is a program of a kind that is not run`, { code: "code-kind", at, hint }));
    return undefined;
  }
  if (source === undefined || !isCodeFile(file)) return source && parseSource(source, report);
  if (isForeign(file, loading) || isForeign(at?.source.path ?? file, loading)) {
    const hint = "let whoever publishes it publish what tscompose config prints";
    const blame = { code: "remote-code", at: at ?? { source, start: 0, end: 0 }, hint };
    report(errorAt(`${file} is a program, and nothing that another machine asks for is run`, blame));
    return undefined;
  }
  if (options.passive === true) {
    report(errorAt(`${file} is a program, and not run here`, { code: "code-file", at }));
    return undefined;
  }
  const { readCode } = await import("./code/read.ts");
  const { signal, onPrinted } = options;
  const documents = await readCode(source, { environment, signal, onPrinted }, report);
  return documents && { path: file, documents };
}

function isForeign(file: string, { remoteFolders }: Loading): boolean {
  return [...remoteFolders].some((folder) => file.startsWith(`${folder}${path.sep}`));
}

function remoteFailure(error: unknown, at: Span | undefined): Diagnostic {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return errorAt(message, { code: "remote-file", at, hint });
}
