import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { parseScale } from "../scale.ts";
import { noDeps, yes } from "./shared.ts";

export const scale: CommandSpec = command({
  name: "scale",
  summary: "Run another number of containers of a service",
  arguments: "SERVICE=NUMBER...",
  options: {
    noDeps,
    yes,
  },
  examples: [["tscompose scale web=3", "three containers of web, until the next up says otherwise"]],
  run: async (session, options, args) => {
    const scale = parseScale(args, "scale specifier");
    await change(session, options, async (context) => {
      const action = await import("../../actions/scale.ts");
      return action.scale(context, { services: [...scale.keys()], scale, noDeps: options.noDeps });
    });
  },
});
