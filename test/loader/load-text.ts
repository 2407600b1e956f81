import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { LoadOptions } from "../../src/loader/options.ts";
import { loadProject, type Loaded } from "../../src/loader/project.ts";
import { ProjectError } from "../../src/model/error.ts";
import type { Service } from "../../src/model/project.ts";
import { formatDiagnostics } from "../../src/render/diagnostic.ts";

/** File name → text; a text alone is compose.yaml. */
export type Files = string | Readonly<Record<string, string>>;
export type Adjust = Partial<LoadOptions>;

/** The files in a folder called "demo", loaded. */
export async function loadText(files: Files, adjust: Adjust = {}): Promise<Loaded> {
  return inFolder(files, (cwd) => loadProject({ cwd, environment: new Map(), ...adjust }));
}

/** Of a project with the one service "web", that service. */
export async function loadService(fields: string, adjust: Adjust = {}): Promise<Service> {
  const { project } = await loadText(`services:\n  web:\n    image: busybox\n${indent(fields, 4)}`, adjust);
  const service = project.services.get("web");
  if (service === undefined) throw new Error("the service web is not enabled");
  return service;
}

/** What a person sees of a project that is wrong; what is only odd is not shown. */
export async function mistakesIn(files: Files, adjust: Adjust = {}): Promise<string> {
  return inFolder(files, async (cwd) => {
    try {
      await loadProject({ cwd, environment: new Map(), ...adjust });
      return "no mistakes";
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      const errors = error.diagnostics.filter((each) => each.severity === "error");
      return `\n${formatDiagnostics(errors, { colour: false, cwd })}`.replaceAll(cwd, "/demo");
    }
  });
}

/** The messages alone, for tables of cases. */
export async function messagesOf(files: Files, adjust: Adjust = {}): Promise<readonly string[]> {
  const shown = await mistakesIn(files, adjust);
  return [...shown.matchAll(/^error: (.*)$/gm)].map((match) => match[1] ?? "");
}

/** Mistakes of the one service "web". */
export async function serviceMistakes(fields: string): Promise<readonly string[]> {
  return messagesOf(`services:\n  web:\n    image: busybox\n${indent(fields, 4)}`);
}

export function indent(text: string, columns: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(columns));
}

export async function inFolder<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const parent = await mkdtemp(path.join(tmpdir(), "tscompose-loader-"));
  const folder = path.join(parent, "demo");
  try {
    for (const [name, text] of Object.entries(typeof files === "string" ? { "compose.yaml": files } : files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    return await use(folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
