import path from "node:path";

import type { Report, Source, Span } from "../model/diagnostic.ts";
import type { EnvFile, Service, StringMap } from "../model/project.ts";
import { errorAt, warningAt } from "./blame.ts";
import { valueSpan } from "./place.ts";
import { readSource } from "./source.ts";
import type { DotenvProblem } from "./syntax/dotenv-statements.ts";
import { parseDotenv, type Dotenv } from "./syntax/dotenv.ts";
import { parseRawEnvFile } from "./syntax/env-file-raw.ts";
import type { Lookup } from "./syntax/substitute.ts";
import { formatPath, type MapTree, type TreePath } from "./tree.ts";

export interface EnvironmentContext {
  /** What interpolation saw; wins in variables inside the files. */
  readonly environment: StringMap;
  readonly tree: MapTree;
  /** Where paths start that were not resolved. */
  readonly workingDir: string;
  readonly report: Report;
  /** False: env files are not read, and stay in the model. */
  readonly envFiles: boolean;
}

type Services = ReadonlyMap<string, Service>;

/** Reads the env files and label files of the services; each file once, whoever names it. */
export async function resolveServiceFiles(services: Services, context: EnvironmentContext): Promise<Services> {
  const resolution: Resolution = { ...context, sources: new Map() };
  const resolved = new Map<string, Service>();
  for (const [name, service] of services) {
    const labelled =
      service.label_file === undefined ? service : await withLabels(service, service.label_file, resolution);
    resolved.set(name, context.envFiles ? await withEnvironment(labelled, resolution) : labelled);
  }
  return resolved;
}

interface Resolution extends EnvironmentContext {
  readonly sources: Map<string, Source>;
}

/** The files stay in the model: docker compose hashes their names, too. */
async function withLabels(service: Service, files: readonly string[], context: Resolution): Promise<Service> {
  const labels = await mergeLabels(service, files, context);
  return labels.size === 0 ? service : { ...service, labels };
}

async function withEnvironment(service: Service, context: Resolution): Promise<Service> {
  const { env_file, ...rest } = service;
  const isComplete =
    service.environment === undefined || [...service.environment.values()].every((value) => value !== null);
  if (env_file === undefined && isComplete) return service;
  const environment = await mergeEnvironment(service, env_file ?? [], context);
  return environment.size === 0 ? rest : { ...rest, environment };
}

/** What the service says itself wins, even when it only names a variable that nobody sets. */
async function mergeEnvironment(
  service: Service,
  files: readonly EnvFile[],
  context: Resolution,
): Promise<ReadonlyMap<string, string | null>> {
  const own = new Map<string, string | null>();
  for (const [key, value] of service.environment ?? []) own.set(key, value ?? context.environment.get(key) ?? null);
  const fromFiles = new Map<string, string>();
  const lookup: Lookup = (name) => context.environment.get(name) ?? own.get(name) ?? undefined;
  for (const [index, file] of files.entries()) {
    const path = ["services", service.name, "env_file", index, "path"];
    const format = file.format ?? "";
    if (format !== "" && format !== "raw") {
      const at = valueSpan(context.tree, [...path.slice(0, -1), "format"]);
      const message = `env file "${file.path}" has the unknown format "${format}"`;
      context.report(
        errorAt(message, { code: "unknown-format", at, path, hint: 'the one format with a name is "raw"' }),
      );
      continue;
    }
    const source = await find(
      file.path,
      { role: "env file", service: service.name, required: file.required, path },
      context,
    );
    if (source === undefined) continue;
    const parsed =
      format === "raw"
        ? parseRawEnvFile(source.text, lookup)
        : parseDotenv(source.text, { lookup, earlier: fromFiles });
    reportProblems(parsed, source, { service: service.name, path }, context);
    for (const { key, value } of parsed.entries) fromFiles.set(key, value);
  }
  return new Map([...fromFiles, ...own]);
}

async function mergeLabels(service: Service, files: readonly string[], context: Resolution): Promise<StringMap> {
  const fromFiles = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    const path = ["services", service.name, "label_file", index];
    const source = await find(file, { role: "label file", service: service.name, required: true, path }, context);
    if (source === undefined) continue;
    const parsed = parseDotenv(source.text, { lookup: () => undefined, earlier: fromFiles });
    reportProblems(parsed, source, { service: service.name, path }, context);
    for (const { key, value } of parsed.entries) fromFiles.set(key, value);
  }
  return new Map([...fromFiles, ...(service.labels ?? [])]);
}

interface Wanted {
  readonly role: "env file" | "label file";
  readonly service: string;
  readonly required: boolean;
  readonly path: TreePath;
}

/** Read once, however many services name it; a file that is missing is missed at each of them. */
async function find(file: string, wanted: Wanted, context: Resolution): Promise<Source | undefined> {
  const known = context.sources.get(file);
  if (known !== undefined) return known;
  const at = valueSpan(context.tree, wanted.path);
  const absolute = path.resolve(context.workingDir, file);
  const report: Report = (diagnostic) => {
    const missing = diagnostic.code === "file-not-found";
    if (missing && !wanted.required) return;
    const message = diagnostic.message.replace(absolute, `"${file}" of service "${wanted.service}"`);
    const hint = "create it, or write it in long form with `required: false`";
    context.report({
      ...diagnostic,
      message,
      path: formatPath(wanted.path),
      ...(missing && wanted.role === "env file" && { hint }),
    });
  };
  const source = await readSource({ path: absolute, role: wanted.role, at, report });
  if (source !== undefined) context.sources.set(file, source);
  return source;
}

interface Reader {
  readonly service: string;
  /** What names the file. */
  readonly path: TreePath;
}

/** A file that many services read is wrong once. */
function reportProblems(parsed: Dotenv, source: Source, { service, path }: Reader, { tree, report }: Resolution): void {
  const notes = [{ message: `service "${service}" reads the file here`, at: valueSpan(tree, path) }];
  const at = ({ offset, length }: DotenvProblem): Span => ({ source, start: offset, end: offset + length });
  for (const each of parsed.problems)
    report(errorAt(each.message, { code: "invalid-env-file", at: at(each), notes, hint: each.hint }));
  for (const each of parsed.warnings)
    report(warningAt(each.message, { code: "odd-env-file", at: at(each), notes, hint: each.hint }));
}
