import type { Report } from "../../model/diagnostic.ts";
import type { FileObject, Json, Model, Network, Service, StringMap, Volume } from "../../model/project.ts";
import { child, type MapTree } from "../tree.ts";
import { decodeExtensions, inside, isNull, mismatch, type Decoder, type Place, type Positions } from "./decoder.ts";
import { fileObject, model, network, volume } from "./resource.ts";
import { service } from "./service.ts";

/** What the files say; which of it is used is another question. */
export interface DecodedDocument {
  readonly services: ReadonlyMap<string, Service>;
  readonly networks: ReadonlyMap<string, Network>;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly secrets: ReadonlyMap<string, FileObject>;
  readonly configs: ReadonlyMap<string, FileObject>;
  readonly models: ReadonlyMap<string, Model>;
  readonly extensions: ReadonlyMap<string, Json>;
  readonly positions: Positions;
}

export function decodeDocument(tree: MapTree, environment: StringMap, report: Report): DecodedDocument {
  const positions: Positions = new WeakMap();
  const root: Place = { report, positions, key: "", parent: undefined };
  const section = <T, R>(
    name: string,
    decode: Decoder<T>,
    finish: (value: T, key: string) => R,
  ): ReadonlyMap<string, R> =>
    decodeSection(tree, inside(root, name), (value, key, place) => {
      const decoded = decode(value, place);
      return decoded === undefined ? undefined : finish(decoded, key);
    });
  const fileObjects = (name: string): ReadonlyMap<string, FileObject> =>
    section(name, fileObject, (each, key) => {
      const value = valueOf(each.environment, [name, key], { tree, environment });
      return { key, ...each, name: each.name ?? "", ...(value !== undefined && { value }) };
    });
  return {
    services: section("services", service, (each, name) => ({ name, ...each })),
    networks: section("networks", network, (each, key) => ({ key, ...each, name: each.name ?? "" })),
    volumes: section("volumes", volume, (each, key) => ({ key, ...each, name: each.name ?? "" })),
    secrets: fileObjects("secrets"),
    configs: fileObjects("configs"),
    models: section("models", model, (each, key) => ({ key, ...each })),
    extensions: decodeExtensions(tree),
    positions,
  };
}

function decodeSection<T>(
  tree: MapTree,
  place: Place,
  decode: (value: MapTree, key: string, place: Place) => T | undefined,
): ReadonlyMap<string, T> {
  const found = child(tree, String(place.key));
  const values = new Map<string, T>();
  if (found === undefined || isNull(found)) return values;
  if (found.kind !== "map") {
    mismatch(found, place, "a mapping");
    return values;
  }
  for (const [key, entry] of found.entries) {
    const here = inside(place, key);
    // A resource of which nothing is said is a resource all the same.
    const body: MapTree | undefined = isNull(entry.value)
      ? { kind: "map", entries: new Map(), at: entry.value.at }
      : entry.value.kind === "map"
        ? entry.value
        : undefined;
    const value = body === undefined ? mismatch(entry.value, here, "a mapping") : decode(body, key, here);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

interface Surroundings {
  readonly tree: MapTree;
  readonly environment: StringMap;
}

/** The content of a secret or a config that comes from a variable, as it was where the file was included. */
function valueOf(
  variable: string | undefined,
  [section, key]: readonly [string, string],
  { tree, environment }: Surroundings,
): string | undefined {
  if (variable === undefined) return undefined;
  const name = child(child(child(tree, section), key), "environment");
  return (name?.kind === "scalar" ? name.captured : undefined) ?? environment.get(variable);
}
