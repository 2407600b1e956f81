import { sortedKeys, type Document, type DocumentMap, type DocumentStyle } from "../model/document.ts";
import type { MapTree, Tree } from "./tree.ts";

/** A document as it is written, with nothing but its keys put in order: `config --no-interpolate`. */
export function treeDocument(tree: MapTree, style: DocumentStyle): DocumentMap {
  const document = new Map<string, Document>();
  for (const key of sortedKeys(tree.entries, style)) {
    const entry = tree.entries.get(key);
    if (entry !== undefined) document.set(key, toDocument(entry.value, style));
  }
  return document;
}

function toDocument(tree: Tree, style: DocumentStyle): Document {
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map((item) => toDocument(item, style));
    case "map":
      return treeDocument(tree, style);
  }
}
