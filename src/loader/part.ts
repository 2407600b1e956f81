import { resolveBareVariables } from "./bare-variables.ts";
import { warningAt, errorAt } from "./blame.ts";
import { makeCanonical } from "./canonical.ts";
import type { ComposeFile, Loading } from "./compose-file.ts";
import { setDefaults } from "./defaults.ts";
import { applyExtends, type ExtendsContext, type Scope } from "./extends.ts";
import { importParts, loadIncludes, type Part } from "./include.ts";
import { interpolateTree } from "./interpolate.ts";
import { mergeTrees } from "./merge.ts";
import { resolvePaths } from "./paths.ts";
import { clearPaths, warnKept } from "./reset.ts";
import { checkSchema } from "./schema.ts";
import { warnTraps } from "./traps.ts";
import { child, type MapEntry, type MapTree, type Tree } from "./tree.ts";
import { enforceUnique } from "./unique.ts";
import { mapChildren, mapEntries, withoutEntry } from "./walk.ts";
import type { YamlDocument } from "./yaml/read.ts";

/** The files of a project, or of an include, merged into one document in long form. */
export async function loadPart(part: Part, loading: Loading): Promise<MapTree> {
  let tree: MapTree | undefined;
  const context: PartContext = { part, loading, extending: extendsContext(part, loading) };
  for (const file of part.files) {
    for (const document of file.documents) {
      tree = await addDocument(tree, { file, document }, context);
    }
  }
  const { values } = part.variables;
  const complete = setDefaults(tree ?? emptyTree, loading.history);
  const { base } = part;
  const resolved = base === undefined ? complete : resolvePaths(complete, { base, environment: values });
  // A variable that is only named is also to stay as it is written.
  return loading.options.interpolate === false ? resolved : resolveBareVariables(resolved, values);
}

interface PartContext {
  readonly part: Part;
  readonly loading: Loading;
  readonly extending: ExtendsContext;
}

interface Addition {
  readonly file: ComposeFile;
  readonly document: YamlDocument;
}

const emptyTree: MapTree = {
  kind: "map",
  at: { source: { path: "", text: "" }, start: 0, end: 0 },
  entries: new Map(),
};

/** One document more: what it includes and extends, then over what was there before. */
async function addDocument(
  before: MapTree | undefined,
  { file, document }: Addition,
  context: PartContext,
): Promise<MapTree | undefined> {
  const { part, loading, extending } = context;
  const { report } = loading;
  const root = interpolate(document, part, loading);
  if (root === undefined) return before;
  const imported = await loadIncludes(root, { part, loading, loadPart });
  const scope = scopeOf({ file, document, root, imported });
  const extended = await applyExtends(withoutEntry(root, "include"), scope, extending);
  const own = importParts(extended, imported, report);
  if (before !== undefined) warnKept(before, { own, document }, report);
  const merged = before === undefined ? own : mergeTrees(clearPaths(before, document.cleared), own, loading);
  const unique = enforceUnique(merged, loading);
  checkSchema(unique, report);
  return finish(withoutVersion(unique, loading), part, loading);
}

/** Absent: it is no mapping, which has been reported. */
function interpolate({ root }: YamlDocument, part: Part, { options, report }: Loading): MapTree | undefined {
  if (root.kind !== "map") {
    const isEmpty = root.kind === "scalar" && root.value === null;
    const message = `top-level object must be a mapping, but ${isEmpty ? "this document is empty" : "this is something else"}`;
    const hint = isEmpty ? 'remove the "---" that starts it' : 'a compose file starts with "services:"';
    report(errorAt(message, { code: "wrong-type", at: root.at, hint }));
    return undefined;
  }
  const { values: environment, places: variables } = part.variables;
  warnTraps(root, report);
  if (options.interpolate === false) return root;
  const tree = interpolateTree(root, { environment, variables, report });
  return tree.kind === "map" ? tree : root;
}

/** Short forms may hide that two items are the same, so uniqueness is looked at again. */
function finish(tree: MapTree, part: Part, loading: Loading): MapTree {
  const { values: environment, places: variables } = part.variables;
  const lenient = loading.options.interpolate === false;
  const canonical = makeCanonical(tree, { ...loading, environment, variables, lenient });
  return enforceUnique(dropBlankDns(canonical), loading);
}

interface Read extends Addition {
  readonly root: MapTree;
  readonly imported: readonly MapTree[];
}

function scopeOf({ file, root, document, imported }: Read): Scope {
  return {
    file: file.path,
    services: entriesOf(root, "services"),
    included: new Map(imported.flatMap((each) => [...entriesOf(each, "services")])),
    cleared: document.cleared,
    resolved: new Map(),
  };
}

function extendsContext(part: Part, loading: Loading): ExtendsContext {
  return {
    folder: part.folder,
    loading,
    variables: part.variables,
    scopes: new Map(),
    prepare: (file, base) => {
      let tree: MapTree | undefined;
      for (const document of file.documents) {
        const root = interpolate(document, part, loading);
        if (root === undefined) continue;
        const merged = tree === undefined ? root : mergeTrees(clearPaths(tree, document.cleared), root, loading);
        tree = finish(enforceUnique(merged, loading), part, loading);
      }
      const environment = part.variables.values;
      const cleared = file.documents.flatMap((document) => document.cleared);
      return tree && { tree: resolvePaths(tree, { base, environment }), cleared };
    },
  };
}

function withoutVersion(tree: MapTree, { report }: Loading): MapTree {
  const version = tree.entries.get("version");
  if (version === undefined) return tree;
  const hint = "remove it, so that nobody is misled";
  report(
    warningAt("`version` is obsolete and ignored", {
      code: "obsolete-version",
      at: version.key,
      path: ["version"],
      hint,
    }),
  );
  return withoutEntry(tree, "version");
}

function dropBlankDns(tree: MapTree): MapTree {
  return mapEntries(tree, (section, name) => {
    if (name !== "services") return section;
    return mapChildren(section, (service) =>
      mapChildren(service, (value, key) =>
        key === "dns" ? mapChildren(value, (item) => (isBlank(item) ? undefined : item)) : value,
      ),
    );
  });
}

function isBlank(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === "";
}

function entriesOf(tree: MapTree, section: string): ReadonlyMap<string, MapEntry> {
  const found = child(tree, section);
  return found?.kind === "map" ? found.entries : new Map<string, MapEntry>();
}
