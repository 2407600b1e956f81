import type { Common } from "./globals.ts";
import type { OptionTable, ValuesOf } from "./option.ts";
import type { Session } from "./session.ts";

/** A verb as data: program.ts makes a parser and a help page of it. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** As the usage line shows them: "[SERVICE...]", "SERVICE COMMAND [ARGS...]". */
  readonly arguments: string;
  readonly options: OptionTable;
  /** Shown at the end of the help page: command line → what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Flags are not looked for behind the first positional argument: `run web ls -l`. */
  readonly passThrough: boolean;
  /** Pairs of options (keys of the table) that exclude each other. */
  readonly exclusive: readonly (readonly [string, string])[];
  run(session: Session, options: Readonly<Record<string, unknown>>, args: readonly string[]): Promise<void>;
}

/** The verb's own options and those that all verbs have. */
type Values<T extends OptionTable> = ValuesOf<T> & Common;

export interface CommandInput<T extends OptionTable> {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: string;
  readonly options: T;
  readonly examples: readonly (readonly [line: string, what: string])[];
  readonly passThrough?: boolean;
  readonly exclusive?: readonly (readonly [keyof T & string, keyof T & string])[];
  run(session: Session, options: Values<T>, args: readonly string[]): Promise<void>;
}

/** Ties the types of a command's options to its `run`; the rest of the program need not know them. */
export function command<T extends OptionTable>(input: CommandInput<T>): CommandSpec {
  return {
    name: input.name,
    summary: input.summary,
    arguments: input.arguments ?? "",
    options: input.options,
    examples: input.examples,
    passThrough: input.passThrough ?? false,
    exclusive: input.exclusive ?? [],
    // The values come from this very table: program.ts gives each key its parsed or initial value.
    run: (session, values, args) => input.run(session, values as Values<T>, args),
  };
}
