import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { text } from "../option.ts";
import { removeOrphans } from "./shared.ts";

export const kill: CommandSpec = command({
  name: "kill",
  summary: "Stop containers at once, or send them a signal",
  arguments: "[SERVICE...]",
  options: {
    signal: text("-s, --signal <name>", "Signal to send (default SIGKILL)"),
    removeOrphans,
  },
  examples: [["tscompose kill -s HUP proxy", "make the proxy read its settings again"]],
  run: async (session, options, services) => {
    await change(session, { dryRun: options.dryRun }, async (context) => {
      const { kill } = await import("../../actions/kill.ts");
      return kill(context, { services, signalName: options.signal ?? "SIGKILL", removeOrphans: options.removeOrphans });
    });
  },
});
