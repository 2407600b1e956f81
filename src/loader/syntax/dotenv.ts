import { scanDotenv, type DotenvProblem, type Statement } from "./dotenv-statements.ts";
import { parseTemplate, type Template } from "./interpolation.ts";
import { substitute, type Lookup } from "./substitute.ts";

/** What an env file says; a wrong line does not hide the others. */
export interface Dotenv {
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly DotenvProblem[];
  /** Surely slips, though docker compose says nothing: a variable that is not set, text after a closing quote. */
  readonly warnings: readonly DotenvProblem[];
}

/** In the order of the file; of entries with the same key the last one counts. */
export interface DotenvEntry {
  readonly key: string;
  readonly value: string;
  /** A bare key, whose value came from `lookup`. */
  readonly inherited: boolean;
  readonly keyOffset: number;
  /** Place of the value without its quotes; of an inherited one, of its key. */
  readonly offset: number;
  readonly length: number;
}

export interface DotenvOptions {
  /** The environment outside the file; wins over what the file says. */
  readonly lookup: Lookup;
  /** Keys of files read before this one, for variables in values. */
  readonly earlier?: ReadonlyMap<string, string>;
}

/** The grammar of `.env`, `--env-file`, and `env_file` without a format: quotes, escapes, variables. */
export function parseDotenv(text: string, options: DotenvOptions): Dotenv {
  const { statements, problems: unread, warnings: odd } = scanDotenv(text);
  const entries: DotenvEntry[] = [];
  const problems = [...unread];
  const warnings = [...odd];
  const here = new Map<string, string>();
  const lookup: Lookup = (name) => options.lookup(name) ?? here.get(name) ?? options.earlier?.get(name);
  for (const statement of statements) {
    const found = evaluate(statement, lookup, options.lookup);
    problems.push(...found.problems);
    warnings.push(...found.warnings);
    if (found.value === undefined) continue;
    const { key, keyOffset, offset, length } = statement;
    entries.push({ key, value: found.value, inherited: statement.kind === "inherited", keyOffset, offset, length });
    here.set(key, found.value);
  }
  return { entries, problems, warnings };
}

interface Evaluated {
  readonly value: string | undefined;
  readonly problems: readonly DotenvProblem[];
  readonly warnings: readonly DotenvProblem[];
}

function evaluate(statement: Statement, lookup: Lookup, outside: Lookup): Evaluated {
  switch (statement.kind) {
    case "inherited":
      return { value: outside(statement.key), problems: [], warnings: [] };
    case "literal":
      return { value: statement.text, problems: [], warnings: [] };
    case "template": {
      const template = parseTemplate(statement.text);
      if (template.ok) return fill(statement, template.value, lookup);
      const { message, hint, offset = 0, length = statement.length } = template;
      const problem = { message, ...(hint !== undefined && { hint }), ...place(statement, { offset, length }) };
      return { value: undefined, problems: [problem], warnings: [] };
    }
  }
}

function fill(statement: Statement, template: Template, lookup: Lookup): Evaluated {
  const { value, unset, missing } = substitute(template, lookup);
  const problems = missing.map(({ variable, message }) => ({
    message: `required variable "${variable.name}" is missing a value${message === "" ? "" : `: ${message}`}`,
    ...place(statement, variable),
  }));
  const warnings = unset.map((variable) => ({
    message: `variable "${variable.name}" is not set; "${statement.key}" gets nothing in its place`,
    hint: 'set it, or put the value in single quotes if the "$" is meant literally',
    ...place(statement, variable),
  }));
  return { value: problems.length > 0 ? undefined : value, problems, warnings };
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Escapes move what follows them, so then the whole value is pointed at. */
function place(statement: Statement, within: Place): Place {
  if (statement.escaped) return { offset: statement.offset, length: statement.length };
  return { offset: statement.offset + within.offset, length: within.length };
}
