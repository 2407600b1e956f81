import { setTimeout as sleep } from "node:timers/promises";

import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag } from "../option.ts";

export const top: CommandSpec = command({
  name: "top",
  summary: "Show what runs inside the containers",
  arguments: "[SERVICE...]",
  options: { watch: flag("-w, --watch", "Stay, and show it anew every two seconds") },
  examples: [
    ["tscompose top web", "processes of web"],
    ["tscompose top -w", "a table that stays up to date"],
  ],
  run: async (session, options, services) => {
    const { top } = await import("../../actions/top.ts");
    const { processTable } = await import("../../render/process-table.ts");
    const context = await session.context();
    const look = async (): Promise<string> => processTable(await top(context, { services }));
    if (!options.watch) return session.print(await look());
    using table = process.stdout.isTTY ? (await import("../live-table.ts")).liveTable() : undefined;
    while (!context.signal.aborted) {
      const text = await look();
      if (table === undefined) session.print(text);
      else table.draw(text);
      await sleep(2000, undefined, { signal: context.signal }).catch(() => {});
    }
  },
});
