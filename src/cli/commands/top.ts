import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";

export const top: CommandSpec = command({
  name: "top",
  summary: "Show what runs inside the containers",
  arguments: "[SERVICE...]",
  options: {},
  examples: [["tscompose top web", "processes of web"]],
  run: async (session, _options, services) => {
    const { top } = await import("../../actions/top.ts");
    const found = await top(await session.context(), { services });
    const { processTable } = await import("../../render/process-table.ts");
    session.print(processTable(found));
  },
});
