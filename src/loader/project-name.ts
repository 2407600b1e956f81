import { realpathSync } from "node:fs";
import path from "node:path";

import type { Report, Span } from "../model/diagnostic.ts";
import { errorAt, warningAt } from "./blame.ts";
import type { Variables } from "./env-files.ts";
import type { LoadOptions } from "./options.ts";
import { isProjectName, normaliseProjectName } from "./syntax/project-name.ts";

export interface NameRequest {
  readonly options: LoadOptions;
  readonly variables: Variables;
  readonly workingDir: string;
  /** The top-level `name` of the last file that has one, with its variables replaced. */
  readonly declared: string | undefined;
  readonly report: Report;
}

const rule = 'a name has lower-case letters, digits, "-" and "_", and starts with a letter or a digit';

/** What has given the project its name. */
export type NamedBy = "flag" | "variable" | "file" | "folder";

export interface FoundName {
  readonly name: string;
  readonly namedBy: NamedBy;
}

export function findProjectName(request: NameRequest): FoundName {
  const { options, variables, declared, workingDir, report } = request;
  const { projectName } = options;
  if (projectName !== undefined && projectName !== "")
    return { name: checkName(projectName, { from: "-p", report }), namedBy: "flag" };
  const fromEnvironment = variables.values.get("COMPOSE_PROJECT_NAME");
  if (fromEnvironment !== undefined && fromEnvironment !== "") {
    const at = variables.places.get("COMPOSE_PROJECT_NAME");
    const name = checkName(fromEnvironment, { from: "COMPOSE_PROJECT_NAME", at, report });
    return { name, namedBy: "variable" };
  }
  const wanted = declared ?? path.basename(workingDir);
  const name = normaliseProjectName(wanted);
  if (name === "") {
    const message = `project name must not be empty: nothing of "${wanted}" can be used in a name`;
    report(
      errorAt(message, {
        code: "invalid-project-name",
        hint: "give the project a name with -p, or with a top-level name",
      }),
    );
  } else if (declared === undefined) warnLink(name, workingDir, report);
  return { name, namedBy: declared === undefined ? "folder" : "file" };
}

interface Given {
  readonly from: string;
  readonly at?: Span | undefined;
  readonly report: Report;
}

function checkName(name: string, { from, at, report }: Given): string {
  if (isProjectName(name)) return name;
  const usable = normaliseProjectName(name);
  const hint = usable === "" ? rule : `${rule}; did you mean "${usable}"?`;
  report(errorAt(`invalid project name "${name}" (${from})`, { code: "invalid-project-name", at, hint }));
  return usable;
}

/** From the link's target the same project has another name, and other containers. */
function warnLink(name: string, workingDir: string, report: Report): void {
  const target = realPathOf(workingDir);
  const other = normaliseProjectName(path.basename(target));
  if (other === name) return;
  const message = `the project's folder is a link, so its name is "${name}" here and "${other}" in ${target}`;
  report(warningAt(message, { code: "linked-folder", hint: "give it one name with a top-level name" }));
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
