import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag } from "../option.ts";

export const pull: CommandSpec = command({
  name: "pull",
  summary: "Pull images",
  arguments: "[SERVICE...]",
  options: {
    ignoreBuildable: flag("--ignore-buildable", "Leave out images that can be built"),
    ignorePullFailures: flag("--ignore-pull-failures", "Pull what can be had, and go on where one fails"),
    includeDeps: flag("--include-deps", "Images of dependencies, too"),
    policy: choice("--policy <when>", ["missing", "always"], "When to pull"),
    quiet: flag("-q, --quiet", "Pull without showing progress"),
    parallel: flag("--parallel", "Has no effect", { hidden: true }),
    noParallel: flag("--no-parallel", "Has no effect", { hidden: true }),
  },
  examples: [["tscompose pull --policy missing", "only what is not here yet"]],
  run: async (session, options, services) => {
    await change(session, options, async (context) => {
      const { pull } = await import("../../actions/pull.ts");
      return pull(context, { ...options, services });
    });
  },
});
