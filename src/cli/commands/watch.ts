import { ExitError } from "../../model/error.ts";
import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag } from "../option.ts";
import { watchWriter } from "../watch-writer.ts";

export const watch: CommandSpec = command({
  name: "watch",
  summary: "Rebuild and refresh containers when files change",
  arguments: "[SERVICE...]",
  options: {
    noUp: flag("--no-up", "Do not build and start the services first"),
    prune: flag("--prune", "Remove images that a rebuild leaves without a name (default true)", { initial: true }),
    quiet: flag("--quiet", "Build without showing progress"),
  },
  examples: [
    ["tscompose watch", "start all, and do what the develop sections say as files change"],
    ["tscompose watch --no-up web", "watch for web, which runs already"],
  ],
  run: async (session, options, services) => {
    const { watch } = await import("../../actions/watch.ts");
    const { noUp, prune, quiet, dryRun } = options;
    const stop = session.interrupts.first;
    const onWatch = watchWriter(session, "");
    await change(session, { dryRun, plain: true }, (context) =>
      watch(context, { services, up: !noUp, prune, quiet, onWatch, stop }),
    );
    // It ends only because somebody wants it to end; programs that are interrupted say so.
    if (stop.aborted) throw new ExitError(130);
  },
});
