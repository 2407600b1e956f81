import { parseExtraHost, parseHostName, stripBrackets } from "../syntax/extra-host.ts";
import type { MapTree, ListTree } from "../tree.ts";
import { inside, isNull, mismatch, problem, unreadable, type Decoder, type Place } from "./decoder.ts";
import { textOf } from "./scalar.ts";
import { textOrTexts } from "./text-list.ts";

type Hosts = ReadonlyMap<string, readonly string[]>;

/** `extra_hosts`: a host that is named twice has both addresses. */
export const hosts: Decoder<Hosts> = (tree, place) => {
  if (tree.kind === "list") return fromList(tree, place);
  if (tree.kind === "map") return fromMap(tree, place);
  return isNull(tree) ? undefined : mismatch(tree, place, "a list or a mapping");
};

function fromList(tree: ListTree, place: Place): Hosts {
  const found = new Map<string, readonly string[]>();
  for (const [index, item] of tree.items.entries()) {
    const here = inside(place, index);
    const text = item.kind === "scalar" ? textOf(item) : undefined;
    if (text === undefined || item.kind !== "scalar") {
      mismatch(item, here, "HOST=ADDRESS");
      continue;
    }
    const host = parseExtraHost(text);
    if (host.ok) found.set(host.value.host, [...(found.get(host.value.host) ?? []), ...host.value.addresses]);
    else unreadable(item, here, "invalid-host", host);
  }
  return found;
}

function fromMap(tree: MapTree, place: Place): Hosts {
  const found = new Map<string, readonly string[]>();
  for (const [key, entry] of tree.entries) {
    const here = inside(place, key);
    const host = parseHostName(key);
    if (!host.ok)
      problem(entry.value, here, { code: "invalid-host", message: host.message, hint: host.hint, at: entry.key });
    const addresses = textOrTexts(entry.value, here) ?? [];
    if (host.ok) found.set(host.value, addresses.map(stripBrackets));
  }
  return found;
}
