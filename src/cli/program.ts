import { Command, CommanderError, Option } from "commander";

import { UsageError } from "../model/error.ts";
import { nearest } from "../model/suggest.ts";
import { rewriteArguments } from "./arguments.ts";
import type { CommandSpec } from "./command.ts";
import { commonOptions, globalOptions } from "./globals.ts";
import type { Globals } from "./globals.ts";
import { longName } from "./option.ts";
import type { OptionSpec, OptionTable } from "./option.ts";

export interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
}

/** A help page was asked for: no error, but nothing is to be run. */
export interface HelpAsked {
  readonly help: string;
}

/** What stands before the verb, and the rest untouched. */
export function parseGlobals(argv: readonly string[]): {
  readonly globals: Globals;
  readonly rest: readonly string[];
  readonly help: boolean;
} {
  const { tokens, booleans, firstPositional } = rewriteArguments(argv, globalOptions, true);
  const own = tokens.slice(0, firstPositional).filter((token) => token !== "--");
  const parser = makeParser("tscompose", globalOptions);
  let help = false;
  parser.option("-h, --help").helpOption(false);
  parser.on("option:help", () => (help = true));
  const { values } = read(parser, own, globalOptions, booleans);
  // Each key of the table is in `values`, with the type that its row says.
  return { globals: values as unknown as Globals, rest: tokens.slice(firstPositional), help };
}

export function parseCommand(spec: CommandSpec, argv: readonly string[]): Parsed | HelpAsked {
  const table = { ...spec.options, ...commonOptions };
  const { tokens, booleans } = rewriteArguments(argv, table, spec.passThrough);
  const parser = makeParser(`tscompose ${spec.name}`, table);
  describe(parser, spec);
  let help = "";
  parser.configureOutput({ writeOut: (text) => (help += text) });
  try {
    const parsed = read(parser, tokens, table, booleans);
    checkArguments(spec, parsed.args);
    checkExclusive(spec, parsed.values);
    return parsed;
  } catch (error) {
    if (error instanceof CommanderError && error.code === "commander.helpDisplayed") return { help };
    throw error;
  }
}

function makeParser(name: string, table: OptionTable): Command {
  const parser = new Command(name).exitOverride().configureOutput({ writeErr: () => {} });
  for (const [key, spec] of Object.entries(table)) parser.addOption(new TableOption(key, spec));
  return parser.argument("[args...]");
}

/** An option called `--no-build` is one of its own here, not the opposite of `--build`. */
class TableOption extends Option {
  readonly #key: string;
  constructor(key: string, spec: OptionSpec<unknown>) {
    super(spec.flags, spec.summary);
    this.#key = key;
    this.negate = false;
    if (spec.hidden === true) this.hideHelp();
    if (spec.kind === "value") this.argParser((text) => spec.parse(text));
    if (spec.kind === "list") this.argParser<unknown[]>((text, before) => [...(before ?? []), text]);
  }
  override attributeName(): string {
    return this.#key;
  }
}

function describe(parser: Command, spec: CommandSpec): void {
  parser.usage(`[OPTIONS]${spec.arguments === "" ? "" : ` ${spec.arguments}`}`).summary(spec.summary);
  parser.description(spec.summary).passThroughOptions(spec.passThrough).helpOption("-h, --help", "Show this help");
  parser.configureHelp({ visibleArguments: () => [] });
  const width = Math.max(...spec.examples.map(([line]) => line.length));
  const lines = spec.examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`.trimEnd());
  if (lines.length > 0) parser.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

function read(
  parser: Command,
  tokens: readonly string[],
  table: OptionTable,
  booleans: ReadonlyMap<string, boolean>,
): Parsed {
  let args: readonly string[] = [];
  parser.action((found: string[]) => {
    args = found;
  });
  try {
    parser.parse([...tokens], { from: "user" });
  } catch (error) {
    throw explain(error, parser.name(), table);
  }
  const initial = Object.fromEntries(Object.entries(table).map(([key, spec]) => [key, spec.initial]));
  return { values: { ...initial, ...parser.opts(), ...Object.fromEntries(booleans) }, args };
}

function explain(error: unknown, name: string, table: OptionTable): unknown {
  if (!(error instanceof CommanderError) || error.code === "commander.helpDisplayed") return error;
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  if (error.code === "commander.optionMissingArgument") {
    return new UsageError(`flag needs an argument: ${longName(named)}`, `see '${name} --help'`);
  }
  if (error.code !== "commander.unknownOption") return new UsageError(error.message.replace(/^error: /, ""));
  const isGlobal = Object.values(globalOptions).some(({ flags }) => flags.split(/[ ,]+/).includes(named));
  if (isGlobal) return new UsageError(`unknown flag: ${named}`, `write ${named} before the verb`);
  const known = Object.values(table).map((spec) => longName(spec.flags));
  const similar = nearest(named, known);
  return new UsageError(
    `unknown flag: ${named}`,
    similar === undefined ? `see '${name} --help'` : `did you mean ${similar}?`,
  );
}

/** How many arguments a verb takes is what its usage line says. */
function checkArguments(spec: CommandSpec, args: readonly string[]): void {
  const words = spec.arguments.split(" ").filter((word) => word !== "");
  const least = words.filter((word) => !word.startsWith("[")).length;
  const endless = spec.arguments.includes("...");
  const hint = `usage: tscompose ${spec.name} [OPTIONS] ${spec.arguments}`.trimEnd();
  if (args.length < least) throw new UsageError(`${spec.name} needs ${spec.arguments}`, hint);
  if (!endless && args.length > words.length) {
    throw new UsageError(`unexpected argument "${args[words.length] ?? ""}" for ${spec.name}`, hint);
  }
}

function checkExclusive(spec: CommandSpec, values: Readonly<Record<string, unknown>>): void {
  for (const [one, other] of spec.exclusive) {
    if (!isGiven(values[one]) || !isGiven(values[other])) continue;
    throw new UsageError(`${flagOf(spec, one)} and ${flagOf(spec, other)} are incompatible`, "leave one of them out");
  }
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function flagOf(spec: CommandSpec, key: string): string {
  return longName(spec.options[key]?.flags ?? key);
}
