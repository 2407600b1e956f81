import type { Span } from "../model/diagnostic.ts";
import { UsageError } from "../model/error.ts";
import type { Origin } from "../model/project.ts";
import { nearest } from "../model/suggest.ts";
import { isDefault, replacedBy } from "./history.ts";
import type { LoadedTree } from "./options.ts";
import { originOf } from "./place.ts";
import type { NamedBy } from "./project-name.ts";
import { serviceFileEntries } from "./service-file-entries.ts";
import { splitKeyValue } from "./syntax/key-value.ts";
import { child, formatPath, type Tree, type TreePath } from "./tree.ts";
import { variablesIn } from "./variables.ts";

/** Where a value, and everything in it, comes from. */
export interface Explanation {
  readonly path: string;
  readonly parts: readonly ExplainedPart[];
}

export interface ExplainedPart {
  readonly path: string;
  /** On one line. */
  readonly value: string;
  /** In the order of their say: the last one counts, those before it were replaced. */
  readonly from: readonly Contribution[];
}

export interface Contribution {
  /** "default": nobody wrote it, it follows from what stands at the place. The last three are of the project's name. */
  readonly kind: "written" | "default" | "env-file" | "flag" | "environment" | "folder";
  /** As it is written there, on one line. */
  readonly text: string;
  /** Absent: no file says it. */
  readonly at?: Origin;
  readonly variables: readonly ExplainedVariable[];
}

export interface ExplainedVariable {
  readonly name: string;
  /** Absent: it is not set. */
  readonly value?: string;
  /** In an env file; absent: in the environment of the process. */
  readonly at?: Origin;
}

/** `services.web.ports`, `services.web.ports[0].target`, `services.web.environment.LEVEL` */
export async function explain(loaded: LoadedTree, asked: string): Promise<Explanation> {
  if (asked === "name") return { path: asked, parts: [explainName(loaded)] };
  const { tree, path, rest } = find(loaded.tree, asked);
  if (rest === "") {
    const parts: ExplainedPart[] = [];
    collect(tree, path, { loaded, parts });
    return { path: formatPath(path), parts: await withServiceFiles(parts, path, loaded) };
  }
  // What only an env file says is not in the document.
  const whole = [...path, rest.replace(/^\./, "")];
  const parts = whole.length === 4 ? await withServiceFiles([], whole, loaded) : [];
  if (parts.length === 0) throw unknownPath({ tree, path }, rest);
  return { path: formatPath(whole), parts };
}

/** What the files say of the name need not be what counts. */
function explainName(loaded: LoadedTree): ExplainedPart {
  const { tree, name: value, namedBy, variables } = loaded;
  const own = child(tree, "name");
  const written = own === undefined ? [] : contributions(own, loaded);
  const at = variables.get("COMPOSE_PROJECT_NAME");
  const more = { text: value, variables: [] };
  const deciding: Readonly<Record<NamedBy, readonly Contribution[]>> = {
    flag: [{ ...more, kind: "flag" }],
    variable: [at === undefined ? { ...more, kind: "environment" } : { ...more, kind: "env-file", at: originOf(at) }],
    file: [],
    folder: [{ ...more, kind: "folder" }],
  };
  return { path: "name", value, from: [...written, ...deciding[namedBy]] };
}

interface Found {
  readonly tree: Tree;
  readonly path: TreePath;
}

/** As far as the path leads. Keys may contain dots, so the longest key that fits is taken. */
function find(root: Tree, text: string): Found & { readonly rest: string } {
  let found: Found = { tree: root, path: [] };
  let rest = text;
  while (rest !== "") {
    const next = step(found, rest);
    if (next === undefined) break;
    [found, rest] = next;
  }
  return { ...found, rest };
}

function step({ tree, path }: Found, rest: string): readonly [Found, string] | undefined {
  const index = /^\.?\[?(\d+)\]?(?=[.[]|$)/.exec(rest);
  const item = tree.kind === "list" && index !== null ? tree.items[Number(index[1])] : undefined;
  if (item !== undefined && index !== null)
    return [{ tree: item, path: [...path, Number(index[1])] }, rest.slice(index[0].length)];
  const wanted = rest.replace(/^\./, "");
  const fitting = childrenOf(tree).filter(
    ([key]) => wanted === key || wanted.startsWith(`${key}.`) || wanted.startsWith(`${key}[`),
  );
  const [longest] = fitting.toSorted(([left], [right]) => right.length - left.length);
  return longest && [{ tree: longest[1], path: [...path, longest[0]] }, wanted.slice(longest[0].length)];
}

/** Of a list such as `[A=1]` the items are found by what stands before the `=`. */
function childrenOf(tree: Tree): readonly (readonly [string, Tree])[] {
  if (tree.kind === "map") return Array.from(tree.entries, ([key, entry]) => [key, entry.value] as const);
  if (tree.kind === "scalar") return [];
  return tree.items.flatMap((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? [[splitKeyValue(item.value).key, item] as const] : [],
  );
}

function unknownPath({ tree, path }: Found, rest: string): UsageError {
  const name = /^\.?([^.[]*)/.exec(rest)?.[1] ?? rest;
  const keys = childrenOf(tree).map(([key]) => key);
  const similar = nearest(name, keys);
  const where = path.length === 0 ? "at the top" : `in ${formatPath(path)}`;
  const listed = keys.length === 0 ? "there is nothing below it" : `there are: ${keys.slice(0, 20).join(", ")}`;
  return new UsageError(
    `there is no "${name}" ${where}`,
    similar === undefined ? listed : `did you mean "${similar}"?`,
  );
}

interface Collecting {
  readonly loaded: LoadedTree;
  readonly parts: ExplainedPart[];
}

/** One part for each value that was written as one: all of a short form, each entry of a long one. */
function collect(tree: Tree, path: TreePath, collecting: Collecting): void {
  if (isOnePart(tree)) {
    collecting.parts.push({
      path: formatPath(path),
      value: oneLine(tree),
      from: contributions(tree, collecting.loaded),
    });
  } else if (tree.kind === "map") {
    for (const [key, entry] of tree.entries) collect(entry.value, [...path, key], collecting);
  } else if (tree.kind === "list") {
    for (const [index, item] of tree.items.entries()) collect(item, [...path, index], collecting);
  }
}

function isOnePart(tree: Tree): boolean {
  if (tree.kind === "scalar") return true;
  const children = tree.kind === "list" ? tree.items : Array.from(tree.entries.values(), ({ value }) => value);
  const { source, start, end } = tree.at;
  const isOneLine = !source.text.slice(start, end).includes("\n");
  return (
    isOneLine && children.every((child) => child.at.source === source && child.at.start >= start && child.at.end <= end)
  );
}

function contributions(tree: Tree, loaded: LoadedTree): readonly Contribution[] {
  return [...replacedBy(loaded.history, tree), tree].map((each) => ({
    kind: isDefault(loaded.history, each) ? "default" : "written",
    text: isDefault(loaded.history, each) ? oneLine(each) : writtenText(each.at),
    at: originOf(each.at),
    variables: variablesIn(each).map((name) => explainVariable(name, loaded)),
  }));
}

function explainVariable(name: string, { environment, variables }: LoadedTree): ExplainedVariable {
  const value = environment.get(name);
  const at = variables.get(name);
  return { name, ...(value !== undefined && { value }), ...(at !== undefined && { at: originOf(at) }) };
}

/** What env files add to `environment`, and label files to `labels`; the service itself has the last word. */
async function withServiceFiles(
  parts: readonly ExplainedPart[],
  [section, service, field, wanted]: TreePath,
  loaded: LoadedTree,
): Promise<readonly ExplainedPart[]> {
  if (section !== "services" || typeof service !== "string") return parts;
  const all = new Map(parts.map((part) => [part.path, part]));
  for (const name of ["environment", "labels"] as const) {
    if (field !== undefined && field !== name) continue;
    const prefix = formatPath(["services", service, name]);
    for (const { key, value, at } of await serviceFileEntries(loaded, { service, field: name })) {
      const from: Contribution = { kind: "env-file", text: writtenText(at), at: originOf(at), variables: [] };
      const place = `${prefix}.${key}`;
      const own = all.get(place) ?? findPair(all.values(), prefix, key);
      if (own !== undefined) all.set(own.path, { ...own, from: [from, ...own.from] });
      else if (wanted === undefined || wanted === key) all.set(place, { path: place, value, from: [from] });
    }
  }
  return [...all.values()];
}

/** The item of a list such as `[A=1]` that is about `key`. */
function findPair(parts: Iterable<ExplainedPart>, prefix: string, key: string): ExplainedPart | undefined {
  return Array.from(parts).find((part) => part.path.startsWith(prefix) && splitKeyValue(part.value).key === key);
}

function writtenText({ source, start, end }: Span): string {
  const text = source.text.slice(start, end).replaceAll(/\s*\n\s*/g, " ");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function oneLine(tree: Tree): string {
  switch (tree.kind) {
    case "scalar":
      return String(tree.value);
    case "list":
      return `[${tree.items.map(oneLine).join(", ")}]`;
    case "map":
      return `{${Array.from(tree.entries, ([key, { value }]) => `${key}: ${oneLine(value)}`).join(", ")}}`;
  }
}
