import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag } from "../option.ts";
import { timeout, orphansRemoved, yes } from "./shared.ts";

export const down: CommandSpec = command({
  name: "down",
  summary: "Stop and remove containers and networks",
  arguments: "[SERVICE...]",
  options: {
    removeOrphans: orphansRemoved,
    removeImages: choice(
      "--rmi <which>",
      ["all", "local"],
      "Remove images too: all, or those without a name of their own",
    ),
    timeout,
    volumes: flag("-v, --volumes", "Remove named volumes of the project and anonymous ones, with their data"),
    yes,
  },
  examples: [
    ["tscompose down", "stop and remove containers and networks; volumes stay"],
    ["tscompose down -v", "remove the data, too"],
  ],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { down } = await import("../../actions/down.ts");
      return down(context, { ...options, services, timeoutSeconds: options.timeout });
    });
  },
});
