import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, integer } from "../option.ts";

export const start: CommandSpec = command({
  name: "start",
  summary: "Start containers that exist",
  arguments: "[SERVICE...]",
  options: {
    wait: flag("--wait", "Come back when they run, are healthy or have done their job"),
    waitTimeout: integer("--wait-timeout <seconds>", "How long --wait waits", { minimum: 0 }),
  },
  examples: [["tscompose start web", "start web and what it depends on"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { start } = await import("../../actions/start.ts");
      return start(context, { ...options, services, waitTimeoutSeconds: options.waitTimeout });
    });
  },
});
