import { namedNode, resolve, rootNode, type SchemaNode } from "./node.ts";

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
  const queue: { readonly node: SchemaNode; readonly place: KnownPlace; readonly inside: readonly SchemaNode[] }[] = [
    { node: rootNode, place: [], inside: [] },
  ];
  for (const { node, place, inside } of queue) {
    if (inside.includes(node)) continue;
    const visit = (next: SchemaNode | undefined, ...parts: readonly string[]): void => {
      if (next !== undefined)
        queue.push({ node: resolve(next), place: [...place, ...parts], inside: [...inside, node] });
    };
    for (const [key, property] of Object.entries(node.properties ?? {})) {
      found.set(key, [...(found.get(key) ?? []), place]);
      visit(property, key);
    }
    visit(node.items, "[]");
    visit(namedNode(node), "*");
  }
  return found;
}
