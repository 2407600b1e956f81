import { UsageError } from "../model/error.ts";
import type { Project } from "../model/project.ts";
import { nearest } from "../model/suggest.ts";

/** A typo in a service's name is an error, never a silent nothing; a disabled service has a name all the same. */
export function checkServiceNames(project: Project, names: readonly string[], alsoKnown: readonly string[] = []): void {
  const known = [...project.services.keys(), ...project.disabledServices.keys(), ...alsoKnown];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const similar = nearest(unknown, known);
  const all = [...new Set(known)].toSorted().join(", ");
  const others = all === "" ? `project "${project.name}" has no containers and no file` : `there are: ${all}`;
  throw new UsageError(`no such service: ${unknown}`, similar === undefined ? others : `did you mean "${similar}"?`);
}

/** Whose lines or exit code are waited for has to be among those that are brought up. */
export function checkBroughtUp(project: Project, flag: string, names: readonly string[]): void {
  checkServiceNames(project, names);
  const missing = names.find((name) => !project.services.has(name));
  if (missing === undefined) return;
  const all = [...project.services.keys()].toSorted().join(", ");
  throw new UsageError(`${flag} names service "${missing}", which is not brought up`, `brought up are: ${all}`);
}
