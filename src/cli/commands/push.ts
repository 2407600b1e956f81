import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag } from "../option.ts";

export const push: CommandSpec = command({
  name: "push",
  summary: "Push images",
  arguments: "[SERVICE...]",
  options: {
    ignorePushFailures: flag("--ignore-push-failures", "Push what can be pushed, and go on where one fails"),
    includeDeps: flag("--include-deps", "Images of dependencies, too"),
    quiet: flag("-q, --quiet", "Push without showing progress"),
  },
  examples: [["tscompose push web", "push the image of web"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { push } = await import("../../actions/push.ts");
      return push(context, { ...options, services });
    });
  },
});
