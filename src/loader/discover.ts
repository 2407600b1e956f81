import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Report } from "../model/diagnostic.ts";
import { errorAt, warningAt } from "./blame.ts";
import { isCodeFile } from "./code/code-file.ts";
import type { LoadOptions } from "./options.ts";
import { isRemoteReference } from "./remote/reference.ts";

/** Programs come last: where there is YAML as well, everybody who looks for a project sees the same one. */
const baseNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", ...programs("compose")];
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
  ...programs("compose.override"),
];

function programs(name: string): readonly string[] {
  return ["ts", "mts", "js", "mjs"].map((ending) => `${name}.${ending}`);
}

/** What relative paths of the project start from. */
export function workingDirOf(options: LoadOptions, files: readonly string[]): string {
  const { cwd, projectDirectory } = options;
  if (projectDirectory !== undefined) return path.resolve(cwd, projectDirectory);
  // A remote file has a folder of its own, which is not known before it is fetched.
  const first = files.find((file) => file !== "-");
  return first === undefined || isRemoteReference(first) ? cwd : path.dirname(path.resolve(cwd, first));
}

/** Absolute paths, "-" and remote references; empty when there is nothing to load. */
export async function findFiles(
  options: LoadOptions,
  environment: ReadonlyMap<string, string>,
  report: Report,
): Promise<readonly string[]> {
  const { cwd, files = [] } = options;
  if (files.length > 0) return files.map((file) => absolute(cwd, file));
  // A program that says what its project is means that, wherever it is run.
  if (options.document !== undefined) return [];
  const named = environment.get("COMPOSE_FILE");
  if (named !== undefined && named !== "") {
    const separator = environment.get("COMPOSE_PATH_SEPARATOR") || path.delimiter;
    return named.split(separator).map((file) => absolute(cwd, file));
  }
  return search(workingDirOf(options, []), report);
}

function absolute(cwd: string, file: string): string {
  return file === "-" || isRemoteReference(file) ? file : path.resolve(cwd, file);
}

/** Upwards, like git: a project is used from its subfolders, too. */
async function search(start: string, report: Report): Promise<readonly string[]> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const base = await pick(folder, baseNames, report);
    if (base !== undefined) {
      const override = await pick(folder, overrideNames, report);
      return override === undefined ? [base] : [base, override];
    }
    if (path.dirname(folder) === folder) return [];
  }
}

async function pick(folder: string, names: readonly string[], report: Report): Promise<string | undefined> {
  const found: string[] = [];
  for (const name of names) if (await isComposeFile(path.join(folder, name))) found.push(name);
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  if (others.length > 0) {
    const message = `${found.join(" and ")} are both in ${folder}; ${first} is used`;
    report(warningAt(message, { code: "several-files", hint: "remove the others, or choose with -f" }));
  }
  return path.join(folder, first);
}

/** A program that happens to be called like that is none of ours, and is not run. */
async function isComposeFile(file: string): Promise<boolean> {
  if (!isFile(file)) return false;
  return !isCodeFile(file) || (await readFile(file, "utf8").catch(() => "")).includes("defineCompose");
}

export function isFile(file: string): boolean {
  return isDirectory(file) === false;
}

export function isFolder(file: string): boolean {
  return isDirectory(file) === true;
}

/**
 * Absent: what cannot be looked at is as good as absent; whoever names it explicitly hears why. Some thirty names are
 * tried at each start: asked at once each takes 10 µs, by way of the thread pool 200.
 */
function isDirectory(file: string): boolean | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isDirectory();
  } catch {
    return undefined;
  }
}

export function reportNoFile(options: LoadOptions, report: Report): void {
  const where = workingDirOf(options, []);
  report(
    errorAt(`no configuration file provided: not found in ${where} or in a folder above it`, {
      code: "no-file",
      hint: `name one with -f, or create ${baseNames[0] ?? ""}`,
    }),
  );
}
