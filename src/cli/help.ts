import { globalOptions } from "./globals.ts";
import type { OptionSpec } from "./option.ts";
import { groups } from "./verbs.ts";

/** The page of `tscompose --help`, from the list of verbs alone: no command is loaded for it. */
export function mainHelp(): string {
  const options = Object.values<OptionSpec<unknown>>(globalOptions).filter((option) => option.hidden !== true);
  return [
    "Usage: tscompose [OPTIONS] COMMAND",
    "",
    "Brings up what a Compose file describes, keeps it so, and takes it down.",
    ...groups.flatMap(({ title, verbs }) => [
      "",
      `${title}:`,
      ...rows(Object.entries(verbs).map(([name, verb]) => [name, verb.summary])),
    ]),
    "",
    "Options (before the command):",
    ...rows(options.map(({ flags, summary }) => [flags, summary])),
    "",
    "'tscompose COMMAND --help' tells more about a command.",
    "",
  ].join("\n");
}

function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
