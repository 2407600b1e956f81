import type { DotenvProblem } from "./dotenv-statements.ts";
import type { Dotenv, DotenvEntry } from "./dotenv.ts";
import type { Lookup } from "./substitute.ts";

/** `env_file` with `format: raw`: one NAME=value on each line, taken as it stands, quotes and all. */
export function parseRawEnvFile(text: string, lookup: Lookup): Dotenv {
  const entries: DotenvEntry[] = [];
  const problems: DotenvProblem[] = [];
  const line = /[^\n]+/g;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    // A byte order mark, too, counts as a blank.
    const written = match[0].trimStart().replace(/\r$/, "");
    if (written === "" || written.startsWith("#")) continue;
    const keyOffset = match.index + match[0].search(/\S/);
    const equals = written.indexOf("=");
    const key = equals === -1 ? written : written.slice(0, equals);
    const problem = keyProblem(key, keyOffset);
    if (problem !== undefined) problems.push(problem);
    else if (equals === -1) {
      const value = lookup(key);
      const place = { keyOffset, offset: keyOffset, length: key.length };
      if (value !== undefined) entries.push({ key, value, inherited: true, ...place });
    } else {
      const value = written.slice(equals + 1);
      entries.push({ key, value, inherited: false, keyOffset, offset: keyOffset + equals + 1, length: value.length });
    }
  }
  return { entries, problems, warnings: [] };
}

function keyProblem(key: string, offset: number): DotenvProblem | undefined {
  if (key === "") return { message: "a line starts with =, without a variable's name", offset, length: 1 };
  const blank = /\s+/.exec(key);
  if (blank === null) return undefined;
  const hint = "in the raw format a line is NAME=value and nothing else";
  const place = { offset: offset + blank.index, length: blank[0].length };
  return { message: `the variable's name "${key}" contains a blank`, hint, ...place };
}
