import { UsageError } from "../model/error.ts";
import { goJson } from "./go-json.ts";
import { executeTemplate } from "./go-template/execute.ts";
import { parseTemplate } from "./go-template/parse.ts";
import { formatTable } from "./table.ts";

/** A kind of thing that is listed: its columns in the order of the table, and what each is called at the top. */
export interface Listing<R extends object> {
  readonly headers: Readonly<Partial<Record<keyof R & string, string>>>;
  readonly table: readonly (keyof R & string)[];
  readonly minWidth: number;
}

/** `--format` of the docker CLI: table, json, a Go template, or `table` and a template. */
export function formatList<R extends object>(rows: readonly R[], format: string, listing: Listing<R>): string {
  const [, template] = /^table\s*(.*\S.*)$/s.exec(format) ?? [];
  if (template !== undefined) return templateTable(rows, template, listing);
  if (format === "table" || format === "") return plainTable(rows, listing);
  if (format === "json") return rows.map((row) => `${goJson(row)}\n`).join("");
  const nodes = parse(format);
  return rows.map((row) => `${executeTemplate(nodes, row)}\n`).join("");
}

function plainTable<R extends object>(rows: readonly R[], listing: Listing<R>): string {
  const head = listing.table.map((column) => listing.headers[column] ?? column.toUpperCase());
  const body = rows.map((row) => listing.table.map((column) => String(row[column])));
  return formatTable([head, ...body], { minWidth: listing.minWidth, gap: 3 });
}

/** The head of such a table is the template itself, filled with the names of the columns. */
function templateTable<R extends object>(rows: readonly R[], template: string, listing: Listing<R>): string {
  const nodes = parse(template);
  const head = executeTemplate(nodes, headRow(rows[0] ?? {}, listing.headers), true);
  const lines = [head, ...rows.map((row) => executeTemplate(nodes, row))];
  return formatTable(
    lines.map((line) => line.split("\t")),
    { minWidth: listing.minWidth, gap: 3 },
  );
}

function headRow(row: object, headers: Readonly<Record<string, string | undefined>>): object {
  const titles = new Map(Object.keys({ ...row, ...headers }).map((key) => [key, headers[key] ?? key.toUpperCase()]));
  // Of "com.example.some-thing": "some thing".
  const label = (name: unknown): string => (String(name).split(".").at(-1) ?? "").replaceAll(/[-_]/g, " ");
  return { ...Object.fromEntries(titles), Label: label };
}

function parse(template: string): ReturnType<typeof parseTemplate> {
  try {
    // Shells hand over `\t` as it is written.
    return parseTemplate(template.replaceAll(String.raw`\t`, "\t").replaceAll(String.raw`\n`, "\n"));
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message, `the format is "${template}"`);
    throw error;
  }
}
