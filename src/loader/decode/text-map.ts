import type { NullableMap, StringMap } from "../../model/project.ts";
import { parseVariable, splitKeyValue } from "../syntax/key-value.ts";
import type { ListTree, Tree } from "../tree.ts";
import { inside, isNull, mismatch, unreadable, type Decoder, type Place } from "./decoder.ts";
import { textOf } from "./scalar.ts";

/** `environment` and what is like it: a key without a value keeps null. */
export const nullableMap: Decoder<NullableMap> = (tree, place) => {
  if (tree.kind === "list") return variables(tree, place);
  return decodeMap(tree, place, null);
};

/** `labels` and what is like it: a key without a value has the empty text. */
export const stringMap: Decoder<StringMap> = (tree, place) => {
  if (tree.kind === "list") {
    const values = new Map<string, string>();
    for (const item of itemTexts(tree, place)) {
      const { key, value } = splitKeyValue(item.text);
      values.set(key, value ?? "");
    }
    return values;
  }
  return decodeMap(tree, place, "");
};

/** `driver_opts` and what is like it: no list form. */
export const options: Decoder<StringMap> = (tree, place) => decodeMap(tree, place, "");

function decodeMap<N extends "" | null>(
  tree: Tree,
  place: Place,
  none: N,
): ReadonlyMap<string, string | N> | undefined {
  if (tree.kind !== "map") return isNull(tree) ? undefined : mismatch(tree, place, "a mapping");
  const values = new Map<string, string | N>();
  for (const [key, entry] of tree.entries) {
    if (entry.value.kind === "scalar") values.set(key, textOf(entry.value) ?? none);
    else mismatch(entry.value, inside(place, key), "text or a number");
  }
  return values;
}

function variables(tree: ListTree, place: Place): NullableMap {
  const values = new Map<string, string | null>();
  for (const item of itemTexts(tree, place)) {
    const pair = parseVariable(item.text);
    if (pair.ok) values.set(pair.value.key, pair.value.value ?? null);
    else if (item.tree.kind === "scalar") unreadable(item.tree, item.place, "blank-in-variable", pair);
  }
  return values;
}

interface Item {
  readonly text: string;
  readonly tree: Tree;
  readonly place: Place;
}

function* itemTexts(tree: ListTree, place: Place): Generator<Item> {
  for (const [index, item] of tree.items.entries()) {
    const here = inside(place, index);
    const text = item.kind === "scalar" ? textOf(item) : undefined;
    if (text === undefined) mismatch(item, here, "KEY=VALUE");
    else yield { text, tree: item, place: here };
  }
}
