import path from "node:path";

import type { Diagnostic, Report, Source, Span } from "../model/diagnostic.ts";
import type { StringMap } from "../model/project.ts";
import { errorAt } from "./blame.ts";
import type { History } from "./history.ts";
import type { LoadOptions } from "./options.ts";
import { isRemoteReference } from "./remote/reference.ts";
import { readSource } from "./source.ts";
import { readYaml, type YamlDocument } from "./yaml/read.ts";

/** One run of the loader. */
export interface Loading {
  readonly options: LoadOptions;
  readonly history: History;
  readonly report: Report;
  /** Files that were read; who extends or includes one again gets it from here, and its mistakes are said once. */
  readonly files: Map<string, Promise<ComposeFile | undefined>>;
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
  const { fetchRemote } = await import("./remote/remote.ts");
  const { signal, registry = { credentials: async () => undefined } } = loading.options;
  try {
    const file = await fetchRemote(reference, { environment, signal, registry });
    return { path: file.path, folder: file.workingDir };
  } catch (error) {
    loading.report(remoteFailure(error, at));
    return undefined;
  }
}

/** Absent: it could not be read, which has been reported. */
export async function readComposeFile(
  file: string,
  at: Span | undefined,
  loading: Loading,
): Promise<ComposeFile | undefined> {
  const known = loading.files.get(file);
  if (known !== undefined) return known;
  const reading = readFile(file, at, loading);
  loading.files.set(file, reading);
  return reading;
}

export async function parseSource(source: Source, report: Report): Promise<ComposeFile | undefined> {
  const documents = await readYaml(source, report);
  return documents && { path: source.path, documents };
}

async function readFile(file: string, at: Span | undefined, { report }: Loading): Promise<ComposeFile | undefined> {
  const source = await readSource({ path: file, role: "compose file", at, report });
  return source && parseSource(source, report);
}

function remoteFailure(error: unknown, at: Span | undefined): Diagnostic {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return errorAt(message, { code: "remote-file", at, hint });
}
