import { ExitError, ProjectError } from "../../model/error.ts";
import { withAutoPorts } from "../auto-ports.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag } from "../option.ts";
import { parseScale } from "../scale.ts";
import { creation, noDeps, timeout } from "./shared.ts";

export const plan: CommandSpec = command({
  name: "plan",
  summary: "Show what up would do, and why, and do nothing",
  arguments: "[SERVICE...]",
  options: {
    ...creation,
    noDeps,
    timeout,
    alwaysRecreateDeps: flag("--always-recreate-deps", "Replace what the named services depend on, too"),
    renewAnonVolumes: flag(
      "-V, --renew-anon-volumes",
      "New anonymous volumes instead of those of the containers before",
    ),
    format: choice("--format <format>", ["text", "json"], "Format of the output"),
    detailedExitcode: flag("--detailed-exitcode", "Exit with 2 when there is something to do, 0 when there is not"),
  },
  exclusive: [
    ["build", "noBuild"],
    ["forceRecreate", "noRecreate"],
  ],
  examples: [
    ["tscompose plan", "which containers would be replaced, and which field is the reason"],
    ["tscompose plan --detailed-exitcode", "for CI: 0 up to date, 2 something to do, 1 an error"],
  ],
  run: async (session, options, services) => {
    const { up } = await import("../../actions/up.ts");
    const pull = options.pull === "policy" ? undefined : options.pull;
    const scale = parseScale(options.scale, "--scale option");
    const request = { ...options, services, pull, scale, noStart: false, quietBuild: false, wait: false };
    const context = withAutoPorts(await session.context({ dryRun: true }), options.autoPorts);
    const { plan } = await up(context, { ...request, timeoutSeconds: options.timeout });
    await session.settled();
    const { describePlan, hasChanges } = await import("../plan-output.ts");
    session.print(await describePlan(session, plan, options.format));
    if (plan.problems.length > 0) throw new ProjectError(plan.problems);
    if (options.detailedExitcode && (await hasChanges(plan))) throw new ExitError(2);
  },
});
