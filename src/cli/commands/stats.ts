import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, text } from "../option.ts";

export const stats: CommandSpec = command({
  name: "stats",
  summary: "Show what containers take of the machine, as it changes",
  arguments: "[SERVICE...]",
  options: {
    all: flag("-a, --all", "Stopped containers, too"),
    format: text("--format <format>", "table, json, a Go template, or table and a template"),
    noStream: flag("--no-stream", "Only once"),
    noTrunc: flag("--no-trunc", "Whole ids"),
  },
  examples: [
    ["tscompose stats", "a table that stays up to date"],
    ["tscompose stats --no-stream --format '{{.Name}} {{.MemUsage}}'", "for scripts"],
    ["tscompose stats --format json", "one object a container, about once a second"],
  ],
  run: async (session, options, services) => {
    const context = await session.context();
    const { stats, defaultStatsFormat } = await import("../../actions/stats.ts");
    const { statsListing, statsRow } = await import("../../render/stats-rows.ts");
    const { formatList } = await import("../../render/list-format.ts");
    const format = options.format ?? (await defaultStatsFormat(context));
    const live = !options.noStream && process.stdout.isTTY && format !== "json";
    using table = live ? (await import("../live-table.ts")).liveTable() : undefined;
    let round = 0;
    for await (const measured of stats(context, { services, all: options.all, stream: !options.noStream })) {
      const shown =
        table === undefined && !options.noStream ? measured.filter(({ use }) => use !== undefined) : measured;
      const text = formatList(
        shown.map((each) => statsRow(each, { whole: options.noTrunc })),
        format,
        statsListing,
      );
      if (table !== undefined) table.draw(text);
      else if (shown.length > 0 || options.noStream) {
        // A stream of data has one head.
        session.print(round > 0 && /^(table\b|$)/.test(format) ? text.slice(text.indexOf("\n") + 1) : text);
        round += 1;
      }
    }
  },
});
