import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { timeout } from "./shared.ts";

export const stop: CommandSpec = command({
  name: "stop",
  summary: "Stop containers, and keep them",
  arguments: "[SERVICE...]",
  options: {
    timeout,
  },
  examples: [["tscompose stop -t 3 web", "give web three seconds"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { stop } = await import("../../actions/stop.ts");
      return stop(context, { services, timeoutSeconds: options.timeout });
    });
  },
});
