import path from "node:path";

import type { Report } from "../model/diagnostic.ts";
import { isFile, workingDirOf } from "./discover.ts";
import { addEnvFiles, type Variables } from "./env-files.ts";
import type { LoadOptions } from "./options.ts";

/** Given by flag or by COMPOSE_ENV_FILES, absolute; none: `.env` is looked for. */
export function explicitEnvFiles({ cwd, envFiles = [], environment }: LoadOptions): readonly string[] {
  const named = environment.get("COMPOSE_ENV_FILES");
  const files = envFiles.length > 0 || named === undefined || named === "" ? envFiles : named.split(",");
  return files.map((file) => path.resolve(cwd, file));
}

/** The environment of the process, and the env files that were asked for. */
export function startVariables(options: LoadOptions, report: Report): Promise<Variables> {
  const values = new Map(options.environment);
  if (!values.has("PWD")) values.set("PWD", options.cwd);
  const files = explicitEnvFiles(options).map((file) => ({ path: file }));
  return addEnvFiles({ files, outer: { values, places: new Map() }, report });
}

export interface DefaultEnvFile {
  readonly folder: string;
  readonly variables: Variables;
  readonly report: Report;
}

/** Adds the `.env` of a folder, unless other files were asked for. */
export async function addDefaultEnvFile(
  options: LoadOptions,
  { folder, variables, report }: DefaultEnvFile,
): Promise<Variables> {
  const disabled = /^(1|t|true)$/i.test(options.environment.get("COMPOSE_DISABLE_ENV_FILE") ?? "");
  if (disabled || explicitEnvFiles(options).length > 0) return variables;
  const file = path.join(folder, ".env");
  return isFile(file) ? addEnvFiles({ files: [{ path: file }], outer: variables, report }) : variables;
}

/** What the project is called where its files cannot say it: COMPOSE_PROJECT_NAME, also in `.env`. "": nobody says. */
export async function nameWithoutFiles(options: LoadOptions): Promise<string> {
  const report: Report = () => {};
  const folder = workingDirOf(options, options.files ?? []);
  const started = await startVariables(options, report);
  const { values } = await addDefaultEnvFile(options, { folder, variables: started, report });
  return values.get("COMPOSE_PROJECT_NAME") ?? "";
}

/** Which profiles are active; those of the flags take the place of COMPOSE_PROFILES. */
export function activeProfiles(options: LoadOptions, variables: Variables): readonly string[] {
  const { profiles = [] } = options;
  if (profiles.length > 0) return profiles;
  const named = variables.values.get("COMPOSE_PROFILES") ?? "";
  // When nobody names any, that is the empty profile: `profiles: ["${OFF}"]` is a switch that people build on this.
  return named.split(",").map((profile) => profile.trim());
}
