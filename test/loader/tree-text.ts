import { loadTree } from "../../src/loader/load.ts";
import type { LoadOptions } from "../../src/loader/options.ts";
import type { LoadedTree } from "../../src/loader/options.ts";
import { child, type Tree } from "../../src/loader/tree.ts";
import { formatDiagnostics } from "../../src/render/diagnostic.ts";
import { inFolder, type Adjust, type Files } from "./load-text.ts";

/** What the front half of the loader makes of files. */
export async function treeOf(files: Files, adjust: Adjust = {}): Promise<LoadedTree> {
  return inFolder(files, (cwd) => loadTree(options(cwd, adjust)));
}

/** The one service "web" in long form, as plain data; the folder is /demo. */
export async function webOf(files: Files, adjust: Adjust = {}): Promise<unknown> {
  return inFolder(files, async (cwd) => {
    const { tree, diagnostics } = await loadTree(options(cwd, adjust));
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new Error(formatDiagnostics(errors, { colour: false, cwd }));
    const text = JSON.stringify(plain(child(child(tree, "services"), "web")));
    return JSON.parse(text.replaceAll(cwd, "/demo"));
  });
}

/** The service "web" of one file with an override, which say only these fields. */
export function merged(base: string, override: string): Promise<unknown> {
  return webOf({ "compose.yaml": web(base), "compose.override.yaml": web(override) });
}

/** A file whose only service is "web". */
export function web(fields: string): string {
  return `services:\n  web:\n${fields.replaceAll(/^(?=.)/gm, "    ")}\n`;
}

/** Errors and warnings as a person sees them; the folder is /demo. */
export async function diagnosticsOf(files: Files, adjust: Adjust = {}): Promise<string> {
  return inFolder(files, async (cwd) => {
    const { diagnostics } = await loadTree(options(cwd, adjust));
    return `\n${formatDiagnostics(diagnostics, { colour: false, cwd })}`.replaceAll(cwd, "/demo");
  });
}

/** Only what each diagnostic says: "warning: …". */
export async function saidOf(files: Files, adjust: Adjust = {}): Promise<readonly string[]> {
  const shown = await diagnosticsOf(files, adjust);
  return [...shown.matchAll(/^(?:error|warning): .*$/gm)].map(([line]) => line);
}

export function plain(tree: Tree | undefined): unknown {
  if (tree === undefined) return undefined;
  switch (tree.kind) {
    case "scalar":
      return typeof tree.value === "bigint" ? `${tree.value}n` : tree.value;
    case "list":
      return tree.items.map(plain);
    case "map":
      return Object.fromEntries(Array.from(tree.entries, ([key, { value }]) => [key, plain(value)]));
  }
}

function options(cwd: string, adjust: Adjust): LoadOptions {
  return { cwd, environment: new Map(), ...adjust };
}
