import { UsageError } from "../model/error.ts";

/** One flag of a command, as data; the type parameter is what the command's `run` receives for it. */
export interface OptionSpec<T> {
  /** "-d, --detach", "-t, --timeout <seconds>"; the key in the table must be the long name in camelCase. */
  readonly flags: string;
  readonly summary: string;
  /** flag: true or false; value: takes one, the last one counts; list: may be repeated. */
  readonly kind: "flag" | "value" | "list";
  readonly initial: T;
  /** Turns the text after the flag into the value; throws a UsageError. */
  readonly parse: (text: string) => T;
  /** All that it can be. */
  readonly choices?: readonly string[] | undefined;
  /** Accepted, but not in the help. */
  readonly hidden?: boolean | undefined;
}

export type OptionTable = Readonly<Record<string, OptionSpec<unknown>>>;

export type ValuesOf<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends OptionSpec<infer V> ? V : never;
};

export type TableOf<V> = { readonly [K in keyof V]: OptionSpec<V[K]> };

interface Extra {
  readonly hidden?: boolean;
}

export function flag(flags: string, summary: string, extra: Extra & { initial?: boolean } = {}): OptionSpec<boolean> {
  return {
    flags,
    summary,
    kind: "flag",
    initial: extra.initial ?? false,
    parse: (value) => parseBoolean(value, flags),
    hidden: extra.hidden,
  };
}

/** A flag where "not said" differs from false. */
export function switchable(flags: string, summary: string, extra: Extra = {}): OptionSpec<boolean | undefined> {
  return {
    flags,
    summary,
    kind: "flag",
    initial: undefined,
    parse: (value) => parseBoolean(value, flags),
    hidden: extra.hidden,
  };
}

export function text(flags: string, summary: string, extra: Extra = {}): OptionSpec<string | undefined> {
  return { flags, summary, kind: "value", initial: undefined, parse: (value) => value, hidden: extra.hidden };
}

export function integer(
  flags: string,
  summary: string,
  extra: Extra & { minimum?: number } = {},
): OptionSpec<number | undefined> {
  const minimum = extra.minimum ?? Number.MIN_SAFE_INTEGER;
  const parse = (value: string): number => {
    if (!/^[+-]?\d+$/.test(value))
      throw new UsageError(`invalid value "${value}" for ${longName(flags)}: not a whole number`);
    if (Number(value) < minimum)
      throw new UsageError(`invalid value "${value}" for ${longName(flags)}: less than ${minimum}`);
    return Number(value);
  };
  return { flags, summary, kind: "value", initial: undefined, parse, hidden: extra.hidden };
}

export function choice<const C extends string>(
  flags: string,
  choices: readonly C[],
  summary: string,
): OptionSpec<C | undefined> {
  const parse = (value: string): C => {
    const found = choices.find((each) => each === value);
    if (found !== undefined) return found;
    throw new UsageError(`unsupported ${longName(flags)} value "${value}"`, `use one of: ${choices.join(", ")}`);
  };
  return { flags, summary: `${summary} (${choices.join(", ")})`, kind: "value", initial: undefined, parse, choices };
}

export function list(flags: string, summary: string, extra: Extra = {}): OptionSpec<readonly string[]> {
  return { flags, summary, kind: "list", initial: [], parse: (value) => [value], hidden: extra.hidden };
}

/** "--detach" of "-d, --detach", "--timeout" of "-t, --timeout <seconds>". */
export function longName(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** "-d" of "-d, --detach". */
export function shortName(flags: string): string | undefined {
  return /^-\w/.exec(flags)?.[0];
}

/** The spellings that Go's flags know, for scripts written for docker compose: `--build=false`, `-d=0`. */
export function parseBoolean(value: string, flags: string): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) return false;
  throw new UsageError(`invalid value "${value}" for ${longName(flags)}: neither true nor false`);
}
