import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";

export const pause: CommandSpec = command({
  name: "pause",
  summary: "Freeze the processes of containers",
  arguments: "[SERVICE...]",
  options: {},
  examples: [["tscompose pause db", "freeze db; unpause lets it go on"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { pause } = await import("../../actions/pause.ts");
      return pause(context, { services });
    });
  },
});
