import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, list, text } from "../option.ts";
import { taskProgress } from "../task-progress.ts";
import { index } from "./shared.ts";

export const commit: CommandSpec = command({
  name: "commit",
  summary: "Make an image of what a container has become",
  arguments: "SERVICE [REPOSITORY[:TAG]]",
  options: {
    author: text("-a, --author <name>", "Who made it"),
    change: list("-c, --change <instruction>", "Change it by a line of a Dockerfile; repeatable"),
    index,
    message: text("-m, --message <text>", "What was done"),
    pause: flag("-p, --pause", "Pause the container meanwhile (default true)", { initial: true }),
  },
  examples: [["tscompose commit -c 'CMD [\"serve\"]' web web:patched", "keep what was tried out"]],
  run: async (session, options, [service = "", reference]) => {
    const dryRun = options.dryRun || session.globals.dryRun;
    const { author, message, change: changes, pause, index } = options;
    const { commit } = await import("../../actions/commit.ts");
    const context = await session.context({ dryRun });
    const { container, image } = await commit(context, { service, index, reference, author, message, changes, pause });
    const status = image === undefined ? "Committing" : `Committed as ${image}`;
    taskProgress(session, { dryRun })({ container, text: `Commit ${container}`, status });
  },
});
