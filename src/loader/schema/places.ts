import { rootNode, type SchemaNode } from "./node.ts";

/** A place where a key is known: keys, with "*" for a name and "[]" for an item. Empty: the top level. */
export type KnownPlace = readonly string[];

let places: ReadonlyMap<string, readonly KnownPlace[]> | undefined;

/** Where in a document the key is known, nearest to the top first. Made when the first mistake asks for it. */
export function placesOf(key: string): readonly KnownPlace[] {
  places ??= collect();
  return places.get(key) ?? [];
}

function collect(): ReadonlyMap<string, readonly KnownPlace[]> {
  const found = new Map<string, KnownPlace[]>();
  const queue: { readonly node: SchemaNode; readonly place: KnownPlace }[] = [{ node: rootNode, place: [] }];
  for (const { node, place } of queue) {
    for (const [key, property] of node.keys) {
      found.set(key, [...(found.get(key) ?? []), place]);
      queue.push({ node: property, place: [...place, key] });
    }
    if (node.items !== undefined) queue.push({ node: node.items, place: [...place, "[]"] });
    if (node.named !== undefined) queue.push({ node: node.named, place: [...place, "*"] });
  }
  return found;
}
