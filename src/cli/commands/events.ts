import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, text } from "../option.ts";

export const events: CommandSpec = command({
  name: "events",
  summary: "Show what happens to the containers, as it happens",
  arguments: "[SERVICE...]",
  options: {
    json: flag("--json", "One JSON object a line"),
    since: text("--since <time>", "Events from then on: a date, or how long ago (10m)"),
    until: text("--until <time>", "Events up to then"),
  },
  examples: [["tscompose events --json --since 1h", "what happened within the last hour, and goes on to happen"]],
  run: async (session, options, services) => {
    const { events } = await import("../../actions/events.ts");
    const { formatEvent, formatEventJson } = await import("../../render/events.ts");
    const { parseMoment } = await import("../../model/time.ts");
    const moment = (text: string | undefined): string | undefined =>
      text === undefined || text === "" ? undefined : parseMoment(text, Date.now());
    const format = options.json ? formatEventJson : formatEvent;
    const range = { since: moment(options.since), until: moment(options.until) };
    for await (const event of events(await session.context(), { services, ...range })) session.print(format(event));
  },
});
