import { withAutoPorts } from "../auto-ports.ts";
import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { parseScale } from "../scale.ts";
import { creation } from "./shared.ts";

export const create: CommandSpec = command({
  name: "create",
  summary: "Create containers, and do not start them",
  arguments: "[SERVICE...]",
  options: {
    ...creation,
  },
  exclusive: [
    ["build", "noBuild"],
    ["forceRecreate", "noRecreate"],
  ],
  examples: [["tscompose create --pull never", "prepare everything without a registry"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { create } = await import("../../actions/create.ts");
      return create(withAutoPorts(context, options.autoPorts), {
        ...options,
        services,
        removeOrphans: options.removeOrphans === true,
        pull: options.pull === "policy" ? undefined : options.pull,
        scale: parseScale(options.scale, "--scale option"),
      });
    });
  },
});
