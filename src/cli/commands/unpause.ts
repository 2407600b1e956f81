import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";

export const unpause: CommandSpec = command({
  name: "unpause",
  summary: "Let frozen containers go on",
  arguments: "[SERVICE...]",
  options: {},
  examples: [["tscompose unpause", "let all go on"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { unpause } = await import("../../actions/unpause.ts");
      return unpause(context, { services });
    });
  },
});
