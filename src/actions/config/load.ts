import type { LoadedTree } from "../../loader/options.ts";
import { loadDocument, loadProject } from "../../loader/project.ts";
import { ProjectError } from "../../model/error.ts";
import type { Project } from "../../model/project.ts";
import type { ActionContext, LoadOptions } from "../context.ts";

/** The project, its warnings told. */
export async function reportedProject(context: ActionContext, source: LoadOptions): Promise<Project> {
  const { project, warnings } = await loadProject({ ...source, signal: context.signal });
  for (const warning of warnings) context.report(warning);
  return project;
}

/** The document alone, its warnings told. */
export async function reportedDocument(context: ActionContext, source: LoadOptions): Promise<LoadedTree> {
  const loaded = await loadDocument({ ...source, signal: context.signal });
  if (loaded.diagnostics.some((each) => each.severity === "error")) throw new ProjectError(loaded.diagnostics);
  for (const warning of loaded.diagnostics) context.report(warning);
  return loaded;
}
