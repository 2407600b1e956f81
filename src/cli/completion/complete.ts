import { commonOptions, globalOptions } from "../globals.ts";
import { longName } from "../option.ts";
import type { OptionSpec, OptionTable } from "../option.ts";
import { findVerb, groups } from "../verbs.ts";
import { findOption, walk } from "./walk.ts";

/** Names that only the project or the engine knows. */
export interface Names {
  services(): Promise<readonly string[]>;
  profiles(): Promise<readonly string[]>;
  projects(): Promise<readonly string[]>;
}

export interface Suggestion {
  readonly value: string;
  readonly description?: string | undefined;
}

export interface Suggestions {
  readonly found: readonly Suggestion[];
  /** What else the shell may offer; "nospace": what is found wants something behind it. */
  readonly also?: "files" | "folders" | "nospace" | undefined;
}

/** What may stand at the place of the last of the words, which is what has been typed of it. */
export async function complete(words: readonly string[], names: Names): Promise<Suggestions> {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const { firstPositional, pending, ended } = walk(before, globalOptions, true);
  const verb = before[firstPositional];
  if (verb !== undefined)
    return starting(current, await inVerb(verb, before.slice(firstPositional + 1), { current, names }));
  if (pending !== undefined) return starting(current, await valuesOf(pending, names));
  if (!ended && current.startsWith("-")) return flags(current, globalOptions, names);
  return starting(current, { found: verbs() });
}

interface Position {
  readonly current: string;
  readonly names: Names;
}

async function inVerb(verb: string, before: readonly string[], { current, names }: Position): Promise<Suggestions> {
  if (verb === "help") return { found: before.length === 0 ? verbs() : [] };
  const spec = await findVerb(verb).catch(() => undefined);
  if (spec === undefined) return { found: [] };
  const table = { ...spec.options, ...commonOptions };
  const { positionals, pending, ended } = walk(before, table, spec.passThrough);
  if (pending !== undefined) return valuesOf(pending, names);
  if (!ended && current.startsWith("-") && current !== "-") return flags(current, table, names);
  return argument(spec.arguments.split(" "), positionals, names);
}

/** By the words of the usage line. */
async function argument(usage: readonly string[], given: readonly string[], names: Names): Promise<Suggestions> {
  const last = usage.at(-1) ?? "";
  const word = usage[given.length] ?? (last.includes("...") ? last : "");
  if (word.includes("SERVICE:PATH")) {
    const services = await names.services();
    return { found: services.map((name) => ({ value: `${name}:` })), also: "files" };
  }
  if (word.includes("SERVICE=")) {
    return { found: (await names.services()).map((name) => ({ value: `${name}=` })), also: "nospace" };
  }
  if (/^\[?SERVICE\b/.test(word)) {
    const services = await names.services();
    return { found: services.filter((name) => !given.includes(name)).map((value) => ({ value })) };
  }
  const choices = /^\[?([a-z]+(?:\|[a-z]+)+)/.exec(word)?.[1]?.split("|") ?? [];
  return { found: choices.map((value) => ({ value })) };
}

async function flags(current: string, table: OptionTable, names: Names): Promise<Suggestions> {
  const [, name, typed] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && typed !== undefined) {
    const option = findOption(name, table);
    const { found } = option === undefined ? { found: [] } : await valuesOf(option, names);
    return starting(current, { found: found.map((each) => ({ ...each, value: `${name}=${each.value}` })) });
  }
  const visible = Object.values(table).filter(({ hidden }) => hidden !== true);
  return starting(current, {
    found: [...visible.map(({ flags, summary }) => ({ value: longName(flags), description: summary })), help],
  });
}

const help: Suggestion = { value: "--help", description: "Show this help" };

/** By the option's choices, or by what its value is called in the help. */
async function valuesOf(option: OptionSpec<unknown>, names: Names): Promise<Suggestions> {
  if (option.choices !== undefined) return { found: option.choices.map((value) => ({ value })) };
  const list = (values: readonly string[]): Suggestions => ({ found: values.map((value) => ({ value })) });
  const placeholder = /<([^>]*)>/.exec(option.flags)?.[1] ?? "";
  switch (`${longName(option.flags)} ${placeholder}`) {
    case "--profile name":
      return list(await names.profiles());
    case "--project-name name":
      return list(await names.projects());
  }
  switch (placeholder) {
    case "service":
      return list(await names.services());
    case "service=n":
      return { found: (await names.services()).map((name) => ({ value: `${name}=` })), also: "nospace" };
    case "file":
      return { found: [], also: "files" };
    case "folder":
      return { found: [], also: "folders" };
    case "format":
      return list(["table", "json"]);
    case "state":
      return list(["created", "dead", "exited", "paused", "removing", "restarting", "running"]);
    default:
      return { found: [] };
  }
}

function verbs(): readonly Suggestion[] {
  return groups.flatMap((group) =>
    Object.entries(group.verbs).map(([value, { summary }]) => ({ value, description: summary })),
  );
}

function starting(current: string, { found, also }: Suggestions): Suggestions {
  const unfinished = /[=:]$/.test(current);
  // Of "web:" the rest is a path, which only the container knows.
  return { found: found.filter(({ value }) => value.startsWith(current) && !(unfinished && value === current)), also };
}
