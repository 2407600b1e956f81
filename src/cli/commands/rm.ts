import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag } from "../option.ts";

export const rm: CommandSpec = command({
  name: "rm",
  summary: "Remove stopped containers",
  arguments: "[SERVICE...]",
  options: {
    all: flag("-a, --all", "Has no effect", { hidden: true }),
    force: flag("-f, --force", "Ask nobody"),
    stop: flag("-s, --stop", "Stop them first"),
    volumes: flag("-v, --volumes", "Remove their anonymous volumes, too"),
  },
  examples: [["tscompose rm -sf web", "stop and remove web"]],
  run: async (session, options, services) => {
    await change(session, { dryRun: options.dryRun, yes: options.force }, async (context) => {
      const { rm } = await import("../../actions/rm.ts");
      return rm(context, { ...options, services });
    });
  },
});
