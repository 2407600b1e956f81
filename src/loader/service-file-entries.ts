import path from "node:path";

import type { Span } from "../model/diagnostic.ts";
import type { LoadedTree } from "./options.ts";
import { readSource } from "./source.ts";
import { parseDotenv } from "./syntax/dotenv.ts";
import { parseRawEnvFile } from "./syntax/env-file-raw.ts";
import { child, type Tree } from "./tree.ts";

export interface FileEntry {
  readonly key: string;
  readonly value: string;
  readonly at: Span;
}

export interface ServiceField {
  readonly service: string;
  readonly field: "environment" | "labels";
}

/** What the env files or label files of a service say, and where. Their mistakes were reported when it was loaded. */
export async function serviceFileEntries(
  loaded: LoadedTree,
  { service, field }: ServiceField,
): Promise<readonly FileEntry[]> {
  const services = child(loaded.tree, "services");
  const files = child(child(services, service), field === "environment" ? "env_file" : "label_file");
  const entries: FileEntry[] = [];
  const earlier = new Map<string, string>();
  for (const item of files?.kind === "list" ? files.items : []) {
    const file = textOf(item.kind === "map" ? child(item, "path") : item);
    const source =
      file && (await readSource({ path: path.resolve(loaded.workingDir, file), role: "env file", report: ignore }));
    if (!source) continue;
    const lookup = (name: string): string | undefined =>
      field === "labels" ? undefined : loaded.environment.get(name);
    const isRaw = textOf(child(item, "format")) === "raw";
    const parsed = isRaw ? parseRawEnvFile(source.text, lookup) : parseDotenv(source.text, { lookup, earlier });
    for (const { key, value, offset, length } of parsed.entries) {
      earlier.set(key, value);
      entries.push({ key, value, at: { source, start: offset, end: offset + length } });
    }
  }
  return entries;
}

function ignore(): void {
  // See above.
}

function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === "scalar" ? String(tree.value) : undefined;
}
