import type { Report, Span } from "../model/diagnostic.ts";
import { errorAt, warningAt } from "./blame.ts";
import { readSource } from "./source.ts";
import { parseDotenv, type DotenvEntry } from "./syntax/dotenv.ts";

/** Variables with the places where files say what they are. */
export interface Variables {
  readonly values: ReadonlyMap<string, string>;
  readonly places: ReadonlyMap<string, Span>;
}

export interface EnvFileRequest {
  readonly files: readonly { readonly path: string; readonly at?: Span | undefined }[];
  /** Wins over what the files say, in their own values, too. */
  readonly outer: Variables;
  readonly report: Report;
}

/** The outer variables with those of the files; of several files the later one wins. */
export async function addEnvFiles({ files, outer, report }: EnvFileRequest): Promise<Variables> {
  if (files.length === 0) return outer;
  const values = new Map<string, string>();
  const places = new Map<string, Span>();
  for (const { path, at } of files) {
    const source = await readSource({ path, role: "env file", at, report });
    if (source === undefined) continue;
    const lookup = (name: string): string | undefined => outer.values.get(name);
    const { entries, problems, warnings } = parseDotenv(source.text, { lookup, earlier: values });
    const spanOf = ({ offset, length }: Pick<DotenvEntry, "offset" | "length">): Span => ({
      source,
      start: offset,
      end: offset + length,
    });
    for (const each of problems) report(errorAt(each.message, { code: "env-file", at: spanOf(each), hint: each.hint }));
    for (const each of warnings)
      report(warningAt(each.message, { code: "env-file", at: spanOf(each), hint: each.hint }));
    for (const entry of entries) {
      values.set(entry.key, entry.value);
      places.set(entry.key, spanOf(entry));
    }
  }
  return merge(outer, { values, places });
}

function merge(outer: Variables, inner: Variables): Variables {
  const places = new Map(outer.places);
  for (const [name, place] of inner.places) if (!outer.values.has(name)) places.set(name, place);
  return { values: new Map([...inner.values, ...outer.values]), places };
}
