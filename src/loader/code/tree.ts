import type { Report, Span } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import type { MapEntry, Tree, TreePath } from "../tree.ts";
import type { YamlDocument } from "../yaml/read.ts";
import type { CodeGraph } from "./graph.ts";
import type { RunValue } from "./result.ts";

/** What a program exported, with the places in the code that it comes from: from here on it is like any other file. */
export function codeDocument(value: RunValue, graph: CodeGraph, report: Report): YamlDocument {
  const { source, exported } = graph.entry;
  const at = { source, start: exported?.start ?? 0, end: exported?.end ?? 0 };
  const cleared: TreePath[] = [];
  const root = build(value, at, { graph, report, cleared, path: [] });
  return { root: root ?? { kind: "map", at, entries: new Map() }, cleared };
}

interface Building {
  readonly graph: CodeGraph;
  readonly report: Report;
  readonly cleared: TreePath[];
  readonly path: TreePath;
}

/** Absent: it is no data, which has been reported, or only takes something away. */
function build(value: RunValue, near: Span, building: Building): Tree | undefined {
  const { graph, report, cleared, path } = building;
  const at = spanOf(value, graph, "value") ?? near;
  switch (value.kind) {
    case "wrong": {
      const hint = hintFor(value.what);
      report(errorAt(`a compose file cannot contain ${value.what}`, { code: "not-data", at, path, hint }));
      return undefined;
    }
    case "scalar":
      // Code has its own way to put variables in: every $ means itself.
      return typeof value.value === "string"
        ? { kind: "scalar", at, quoted: true, value: value.value.replaceAll("$", "$$$$") }
        : { kind: "scalar", at, value: value.value };
    case "list": {
      if (value.tag !== undefined) cleared.push(path);
      const own = literalSpan(value.literal, graph) ?? at;
      const items = value.items.flatMap(
        (item, index) => build(item, own, { ...building, path: [...path, index] }) ?? [],
      );
      return { kind: "list", at: own, items };
    }
    case "map": {
      if (value.tag !== undefined) cleared.push(path);
      return value.tag === "reset" ? undefined : buildMap(value, literalSpan(value.literal, graph) ?? at, building);
    }
  }
}

function buildMap(value: RunValue & { readonly kind: "map" }, at: Span, building: Building): Tree {
  const entries = new Map<string, MapEntry>();
  for (const [name, each] of value.entries) {
    const key = spanOf(each, building.graph, "key") ?? at;
    const built = build(each, key, { ...building, path: [...building.path, name] });
    if (built !== undefined) entries.set(name, { key, value: built });
  }
  return { kind: "map", at, entries };
}

function spanOf({ at }: RunValue, { literals }: CodeGraph, wanted: "key" | "value"): Span | undefined {
  const known = at && literals[at[0]];
  const slot = at && known?.literal.slots[at[1]];
  return slot && known && { source: known.module.source, start: slot[wanted].start, end: slot[wanted].end };
}

function literalSpan(number: number | undefined, { literals }: CodeGraph): Span | undefined {
  const known = number === undefined ? undefined : literals[number];
  return known && { source: known.module.source, start: known.literal.start, end: known.literal.end };
}

function hintFor(what: string): string {
  if (what === "a function") return "call it";
  if (what.startsWith("a promise")) return "await it: the function that is exported may be async";
  return "write text, a number, true, false, null, a list or an object; a property that is undefined is left out";
}
