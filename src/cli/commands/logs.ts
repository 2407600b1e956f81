import { UsageError } from "../../model/error.ts";
import { parseMoment } from "../../model/time.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { logWriter } from "../log-writer.ts";
import { choice, flag, text } from "../option.ts";
import { index } from "./shared.ts";

export const logs: CommandSpec = command({
  name: "logs",
  summary: "Show what the containers write",
  arguments: "[SERVICE...]",
  options: {
    follow: flag("-f, --follow", "Stay, and show what comes"),
    index,
    since: text("--since <time>", "Lines from then on: a date, or how long ago (10m)"),
    until: text("--until <time>", "Lines up to then"),
    tail: text("-n, --tail <n>", "So many lines from the end of each container (default all)"),
    timestamps: flag("-t, --timestamps", "Lines with the time at which they were written"),
    grep: text("--grep <pattern>", "Only lines in which this regular expression finds something"),
    format: choice("--format <format>", ["text", "json"], "json: one object a line"),
    noColor: flag("--no-color", "No colours"),
    noLogPrefix: flag("--no-log-prefix", "Lines without the container's name"),
  },
  examples: [
    ["tscompose logs -f web", "follow web, also when it restarts or is scaled"],
    ["tscompose logs --since 10m --grep 'error|warn'", "what went wrong in the last ten minutes"],
    ["tscompose logs --format json | jq -r .text", "for programs"],
  ],
  run: async (session, options, services) => {
    const now = Date.now();
    const moment = (text: string | undefined): string | undefined =>
      text === undefined || text === "" ? undefined : parseMoment(text, now);
    const range = { since: moment(options.since), until: moment(options.until), tail: tailOf(options.tail) };
    const grep = options.grep === undefined ? undefined : patternOf(options.grep);
    const writer = logWriter(session, { ...options, json: options.format === "json" });
    const { logs } = await import("../../actions/logs.ts");
    const { follow, index } = options;
    await logs(await session.context(), { services, follow, index, grep, ...range, onOutput: writer.write }).finally(
      writer.flush,
    );
  },
});

function tailOf(text: string | undefined): number | undefined {
  // `--tail "$LINES"` with nothing in LINES: as if it were not said, as with docker compose.
  if (text === undefined || text === "" || text === "all" || /^-\d+$/.test(text)) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`invalid value "${text}" for --tail`, "write a number of lines, or all");
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, "u");
  } catch (error) {
    throw new UsageError(`invalid pattern "${text}"`, error instanceof Error ? error.message : undefined);
  }
}
