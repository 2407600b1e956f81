import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { timeout, noDeps } from "./shared.ts";

export const restart: CommandSpec = command({
  name: "restart",
  summary: "Restart containers",
  arguments: "[SERVICE...]",
  options: {
    noDeps,
    timeout,
  },
  examples: [["tscompose restart web", "changes of the file are applied by up, not by restart"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { restart } = await import("../../actions/restart.ts");
      return restart(context, { services, noDeps: options.noDeps, timeoutSeconds: options.timeout });
    });
  },
});
