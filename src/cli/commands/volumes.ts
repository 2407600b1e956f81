import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, text } from "../option.ts";

export const volumes: CommandSpec = command({
  name: "volumes",
  summary: "List volumes",
  arguments: "[SERVICE...]",
  options: {
    format: text("--format <format>", "table, json, a Go template, or table and a template"),
    quiet: flag("-q, --quiet", "Names only"),
  },
  examples: [["tscompose volumes --format '{{.Name}} {{.Mountpoint}}'", "where the data is"]],
  run: async (session, options, services) => {
    const { volumes } = await import("../../actions/volumes.ts");
    const found = await volumes(await session.context(), { services });
    if (options.quiet) {
      session.print(found.map(({ name }) => `${name}\n`).join(""));
      return;
    }
    const { volumeListing, volumeRow } = await import("../../render/volume-rows.ts");
    const { formatList } = await import("../../render/list-format.ts");
    session.print(formatList(found.map(volumeRow), options.format ?? "table", volumeListing));
  },
});
