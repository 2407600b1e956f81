import { longName, shortName } from "../option.ts";
import type { OptionSpec, OptionTable } from "../option.ts";

type AnyOption = OptionSpec<unknown>;

export interface Walked {
  readonly positionals: readonly string[];
  /** Where the first positional argument is; the number of words when there is none. */
  readonly firstPositional: number;
  /** The last word is an option that waits for its value. */
  readonly pending: AnyOption | undefined;
  /** No flags can come any more. */
  readonly ended: boolean;
}

/** What has been typed so far, by a table of options; forgiving, as it is not finished. */
export function walk(words: readonly string[], table: OptionTable, stopAtPositional: boolean): Walked {
  const positionals: string[] = [];
  let firstPositional = words.length;
  let pending: AnyOption | undefined;
  let ended = false;
  for (const [index, word] of words.entries()) {
    if (pending !== undefined) {
      pending = undefined;
    } else if (!ended && word === "--") {
      ended = true;
    } else if (!ended && word.startsWith("-") && word !== "-") {
      pending = waiting(word, table);
    } else {
      if (positionals.length === 0) firstPositional = index;
      positionals.push(word);
      ended ||= stopAtPositional;
    }
  }
  return { positionals, firstPositional, pending, ended };
}

export function findOption(name: string, table: OptionTable): AnyOption | undefined {
  return Object.values(table).find(({ flags }) => longName(flags) === name || shortName(flags) === name);
}

/** "--tail", "-n" and "-fn" wait for a value; "--tail=5" and "-n5" have it. */
function waiting(word: string, table: OptionTable): AnyOption | undefined {
  const takesValue = (option: AnyOption | undefined): boolean => option !== undefined && option.kind !== "flag";
  if (word.startsWith("--")) {
    const option = findOption(word, table);
    return takesValue(option) ? option : undefined;
  }
  const letters = Array.from(word.slice(1));
  const first = letters.findIndex((letter) => takesValue(findOption(`-${letter}`, table)));
  return first === letters.length - 1 ? findOption(`-${letters[first] ?? ""}`, table) : undefined;
}
