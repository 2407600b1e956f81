import { longName, parseBoolean, shortName } from "./option.ts";
import type { OptionTable } from "./option.ts";

export interface Rewritten {
  readonly tokens: readonly string[];
  /** Flags that were given a value: `--build=false`. */
  readonly booleans: ReadonlyMap<string, boolean>;
  /** Where the first positional argument is in `tokens`; their number when there is none. */
  readonly firstPositional: number;
}

interface Flag {
  readonly key: string;
  readonly takesValue: boolean;
}

/**
 * Brings argv into the form that commander reads. Go programs, and so people's scripts, also write `--build=false` and
 * `-t=5`; and the verb has to be found before its table of options is loaded.
 */
export function rewriteArguments(argv: readonly string[], table: OptionTable, stopAtPositional: boolean): Rewritten {
  const flags = indexFlags(table);
  const tokens: string[] = [];
  const booleans = new Map<string, boolean>();
  let firstPositional: number | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const token = argv[index] ?? "";
    const rest = token === "--" || (firstPositional !== undefined && stopAtPositional);
    if (rest) {
      firstPositional ??= tokens.length + 1;
      tokens.push(...argv.slice(index));
      break;
    }
    if (!token.startsWith("-") || token === "-") {
      firstPositional ??= tokens.length;
      tokens.push(token);
      continue;
    }
    const [, written = token, value] = /^(--[\w-]+|-\w)=(.*)$/s.exec(token) ?? [];
    const name = flags.has(written) ? written : (misspelt.get(written) ?? written);
    const known = flags.get(name);
    if (value !== undefined && known?.takesValue === false) {
      booleans.set(known.key, parseBoolean(value, name));
    } else if (value !== undefined) {
      tokens.push(name.startsWith("--") ? token : name + value);
    } else {
      tokens.push(name);
      if (takesNext(name, flags) && index + 1 < argv.length) tokens.push(argv[(index += 1)] ?? "");
    }
  }
  return { tokens, booleans, firstPositional: firstPositional ?? tokens.length };
}

/** What docker compose once called by mistake, and takes to this day. */
const misspelt: ReadonlyMap<string, string> = new Map([["--y", "--yes"]]);

function indexFlags(table: OptionTable): ReadonlyMap<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [key, spec] of Object.entries(table)) {
    const found = { key, takesValue: spec.kind !== "flag" };
    flags.set(longName(spec.flags), found);
    const short = shortName(spec.flags);
    if (short !== undefined) flags.set(short, found);
  }
  return flags;
}

/** `--tail 5`, `-n 5` and `-fn 5` take the next argument; `-n5` does not. */
function takesNext(token: string, flags: ReadonlyMap<string, Flag>): boolean {
  if (token.startsWith("--")) return flags.get(token)?.takesValue ?? false;
  const letters = token.slice(1).split("");
  const first = letters.findIndex((letter) => flags.get(`-${letter}`)?.takesValue !== false);
  return first === letters.length - 1 && flags.get(`-${letters[first]}`)?.takesValue === true;
}
