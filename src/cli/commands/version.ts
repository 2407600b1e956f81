import { composeVersion } from "../../model/labels.ts";
import { tscomposeVersion } from "../../model/version.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag } from "../option.ts";

export const version: CommandSpec = command({
  name: "version",
  summary: "Show the version",
  options: {
    short: flag("--short", "Only the number"),
    format: choice("-f, --format <format>", ["pretty", "json"], "Format of the output"),
  },
  examples: [["tscompose version --short", "for scripts"]],
  run: async (session, options) => {
    if (options.short) session.print(`${tscomposeVersion}\n`);
    else if (options.format === "json") session.print(`${JSON.stringify({ version: tscomposeVersion })}\n`);
    else session.print(`tscompose version ${tscomposeVersion} (follows docker compose ${composeVersion})\n`);
  },
});
