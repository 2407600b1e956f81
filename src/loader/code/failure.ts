import { pathToFileURL } from "node:url";

import type { Diagnostic, Span } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import type { CodeGraph } from "./graph.ts";
import { type CodeModule, writtenOffset } from "./module.ts";
import type { RunResult } from "./result.ts";

type Failure = Extract<RunResult, { kind: "failed" }>;

/** What a program threw, with the places of its own stack that are the user's. */
export function codeFailure(failure: Failure, graph: CodeGraph): Diagnostic {
  const { source } = graph.entry;
  const start: Span = { source, start: 0, end: 0 };
  const imported = packageOf(failure, graph);
  if (imported !== undefined) {
    const hint = "install it where the file is, or correct its name";
    return errorAt(firstLine(failure.message), { code: "import-not-found", at: imported, hint });
  }
  const [thrown = start, ...callers] = placesOf(failure.stack, graph);
  const unusable = unusableModule(failure);
  if (unusable !== undefined) return errorAt(firstLine(failure.message), { ...unusable, at: thrown });
  const at = moduleOf(failure, thrown, graph) ?? thrown;
  const notes = callers.slice(0, 3).map((caller) => ({ message: "called from here", at: caller }));
  const what = failure.name === "" || failure.name === "Error" ? "" : `${failure.name}: `;
  return errorAt(`${what}${failure.message}`, { code: "code-failed", at, notes });
}

/** What Node does not load, and what to write instead. */
function unusableModule({ code }: Failure): { readonly code: string; readonly hint: string } | undefined {
  if (code === "MODULE_NOT_FOUND") {
    const hint = 'require finds what is installed; import { … } from "tscompose" needs nothing installed';
    return { code: "import-not-found", hint };
  }
  if (code !== "ERR_UNKNOWN_FILE_EXTENSION") return undefined;
  return {
    code: "import-not-run",
    hint: 'TypeScript is understood in imports that name their file: import("./part.ts"), not import(name)',
  };
}

function placesOf(stack: string, { modules }: CodeGraph): readonly Span[] {
  const found: Span[] = [];
  for (const [, url = "", line, column] of stack.matchAll(
    /((?:file:\/)?\/[^\s()]+?):(\d+)(?::(\d+))?(?=\)?\s|\)?$)/g,
  )) {
    // Scripts of the older kind go by their paths.
    const module = modules.get(url.startsWith("/") ? pathToFileURL(url).href : url);
    if (module === undefined) continue;
    const span = wordAt(module, writtenOffset(module, Number(line), Number(column ?? 1)));
    if (!found.some((each) => each.source === span.source && each.start === span.start)) found.push(span);
  }
  return found;
}

function wordAt({ source }: CodeModule, offset: number): Span {
  const start = Math.min(offset, source.text.length);
  const length = /^[\w$]+/.exec(source.text.slice(start))?.[0].length ?? 1;
  return { source, start, end: Math.min(start + length, source.text.length) };
}

/** "Cannot find package 'x' imported from /there/compose.ts" */
function packageOf({ code, message }: Failure, { modules }: CodeGraph): Span | undefined {
  if (!/^ERR_(MODULE_NOT_FOUND|PACKAGE_PATH_NOT_EXPORTED)$/.test(code)) return undefined;
  const [, name] = /'([^']+)'/.exec(message) ?? [];
  const [, file] = /imported from (\S+)/.exec(message) ?? [];
  const module = file === undefined ? undefined : modules.get(pathToFileURL(file).href);
  const found = module?.imports.find(({ specifier }) => specifier === name || specifier.startsWith(`${name ?? ""}/`));
  return module && found && { source: module.source, start: found.start, end: found.end };
}

/** "The requested module './x.ts' does not provide an export named 'y'", of which Node knows the line only. */
function moduleOf({ message }: Failure, { source }: Span, { modules }: CodeGraph): Span | undefined {
  const [, wanted] = /^The requested module '([^']+)'/.exec(message) ?? [];
  const found = modules.get(pathToFileURL(source.path).href)?.imports.find(({ specifier }) => specifier === wanted);
  return found && { source, start: found.start, end: found.end };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
