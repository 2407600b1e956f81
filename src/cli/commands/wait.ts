import type { WaitOptions } from "../../actions/wait.ts";
import { ExitError } from "../../model/error.ts";
import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag } from "../option.ts";

export const wait: CommandSpec = command({
  name: "wait",
  summary: "Wait until containers stop, and say how they ended",
  arguments: "SERVICE [SERVICE...]",
  options: { downProject: flag("--down-project", "Take the project down when the first container stops") },
  examples: [["tscompose wait tests", "exit as the tests did"]],
  run: async (session, { dryRun, downProject }, services) => {
    const { wait, waitAndDown } = await import("../../actions/wait.ts");
    const options: WaitOptions = {
      services,
      onExit: ({ id, exitCode }) => session.print(`container "${id}" exited with status code ${exitCode}\n`),
    };
    if (downProject) {
      await change(session, { dryRun }, (context) => waitAndDown(context, options));
      return;
    }
    const code = await wait(await session.context(), options);
    if (code !== 0) throw new ExitError(code);
  },
});
