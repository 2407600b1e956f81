import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import type { Report, Source, Span } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import { isFile } from "../discover.ts";
import { readSource } from "../source.ts";
import { isCodeFile } from "./code-file.ts";
import type { Literal } from "./literals.ts";
import { type CodeModule, prepareModule } from "./module.ts";
import { ownModule } from "./own-module.ts";
import { CodeSyntaxError } from "./syntax.ts";

/** A file and all files of the user's that it imports; packages are found by Node itself, when it runs. */
export interface CodeGraph {
  readonly entry: CodeModule;
  /** By URL. */
  readonly modules: ReadonlyMap<string, CodeModule>;
  /** URL of who imports → what it writes → URL of what it means. */
  readonly targets: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By number. */
  readonly literals: readonly { readonly module: CodeModule; readonly literal: Literal }[];
}

interface Growing extends CodeGraph {
  readonly modules: Map<string, CodeModule>;
  readonly targets: Map<string, Map<string, string>>;
  readonly literals: { readonly module: CodeModule; readonly literal: Literal }[];
}

/** Absent: something cannot be read or understood, which has been reported. */
export async function readGraph(source: Source, report: Report): Promise<CodeGraph | undefined> {
  const modules = new Map<string, CodeModule>();
  const graph = { modules, targets: new Map<string, Map<string, string>>(), literals: [] };
  const entry = await addModule(source, graph, report);
  return entry && { ...graph, entry };
}

type Graph = Omit<Growing, "entry">;

async function addModule(source: Source, graph: Graph, report: Report): Promise<CodeModule | undefined> {
  const module = await prepare(source, graph.literals.length, report);
  if (module === undefined) return undefined;
  const url = pathToFileURL(source.path).href;
  graph.modules.set(url, module);
  graph.literals.push(...module.literals.map((literal) => ({ module, literal })));
  const targets = new Map<string, string>();
  graph.targets.set(url, targets);
  let complete = true;
  for (const { specifier, names, start, end } of module.imports) {
    if (specifier === "tscompose" && names?.every((name) => isOwn(name)) === true) {
      targets.set(specifier, ownModule.url);
    }
    const isPath = /^\.{0,2}\//.test(specifier);
    const file = isPath
      ? resolveFile(path.resolve(path.dirname(source.path), specifier))
      : typedFileOf(specifier, source.path);
    if (file === undefined) {
      if (!isPath) continue;
      report(notFound(specifier, { source, start, end }));
      complete = false;
      continue;
    }
    const target = pathToFileURL(file).href;
    targets.set(specifier, target);
    if (!isCodeFile(file) || graph.modules.has(target)) continue;
    const read = await readSource({ path: file, role: "module", at: { source, start, end }, report });
    if (read === undefined || (await addModule(read, graph, report)) === undefined) complete = false;
  }
  return complete ? module : undefined;
}

async function prepare(source: Source, firstLiteral: number, report: Report): Promise<CodeModule | undefined> {
  try {
    return await prepareModule(source, firstLiteral);
  } catch (error) {
    if (!(error instanceof CodeSyntaxError)) throw error;
    const at = { source, start: error.offset, end: Math.min(error.offset + 1, source.text.length) };
    report(errorAt(error.message, { code: "code-syntax", at }));
    return undefined;
  }
}

const endings = ["", ".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js"];

/** As it is written; with the ending left out; or "x.js" for what is "x.ts" until it is compiled. */
function resolveFile(wanted: string): string | undefined {
  const source = wanted.replace(/\.(m?)js$/, ".$1ts");
  return [...endings.map((ending) => wanted + ending), source].find(isFile);
}

/** A package of the user's own workspace may be TypeScript, and so may what package.json calls "#name". */
function typedFileOf(specifier: string, importer: string): string | undefined {
  try {
    const found = createRequire(importer).resolve(specifier);
    return /\.m?ts$/.test(found) ? found : undefined;
  } catch {
    // Node says so when it runs, and better: it knows other ways to find a package.
    return undefined;
  }
}

function isOwn(name: string): boolean {
  return ownModule.names.some((own) => own === name);
}

function notFound(specifier: string, at: Span): ReturnType<typeof errorAt> {
  return errorAt(`"${specifier}" does not exist`, {
    code: "import-not-found",
    at,
    hint: "imports start from the folder of the file that they are written in",
  });
}
