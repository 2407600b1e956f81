import type { Ulimit } from "../../model/project.ts";
import { parseUlimit } from "../syntax/ulimit.ts";
import { map, object, unreadable, type Decoder } from "./decoder.ts";
import { integer } from "./scalar.ts";

const limit: Decoder<number> = (tree, place) => {
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return integer(tree, place);
  const found = parseUlimit(tree.value);
  return found.ok ? found.value : unreadable(tree, place, "invalid-ulimit", found);
};

const pair: Decoder<Exclude<Ulimit, number>> = object<Exclude<Ulimit, number>>({ soft: limit, hard: limit }, [
  "soft",
  "hard",
]);

export const ulimits: Decoder<ReadonlyMap<string, Ulimit>> = map<Ulimit>((tree, place) =>
  tree.kind === "map" ? pair(tree, place) : limit(tree, place),
);
