import { UsageError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { text } from "../option.ts";
import { writeBytes } from "../output.ts";
import { taskProgress } from "../task-progress.ts";
import { index } from "./shared.ts";

export const exportVerb: CommandSpec = command({
  name: "export",
  summary: "Write a container's file system as a tar archive",
  arguments: "SERVICE",
  options: {
    index,
    output: text("-o, --output <file>", "Write to this file, not to standard output"),
  },
  examples: [
    ["tscompose export -o web.tar web", "to a file"],
    ["tscompose export web | tar t", "see what is inside"],
  ],
  run: async (session, options, [service = ""]) => {
    const dryRun = options.dryRun || session.globals.dryRun;
    if (options.output === undefined && process.stdout.isTTY && !dryRun) {
      throw new UsageError("an archive is not written to a terminal", "name a file with --output, or redirect it");
    }
    const { exportContainer } = await import("../../actions/export.ts");
    const say = taskProgress(session, { dryRun });
    await exportContainer(await session.context({ dryRun }), {
      service,
      index: options.index,
      output: options.output ?? writeBytes,
      onState: (container, state) =>
        say({
          container,
          text: `export ${container} to ${options.output ?? "-"}`,
          status: state === "exporting" ? "Exporting" : "Exported",
        }),
    });
  },
});
