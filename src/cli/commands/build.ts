import type { BuildOptions } from "../../actions/build.ts";
import { ExitError } from "../../model/error.ts";
import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag, list, text } from "../option.ts";
import type { Session } from "../session.ts";
import { fixedStyle } from "../terminal.ts";

const styles = ["auto", "tty", "plain", "json", "quiet", "none"] as const;

export const build: CommandSpec = command({
  name: "build",
  summary: "Build images",
  arguments: "[SERVICE...]",
  options: {
    buildArgs: list("--build-arg <key=value>", "Set a build argument; repeatable"),
    builder: text("--builder <name>", "Builder to use"),
    check: flag("--check", "Check the build, and do not build"),
    memory: text("-m, --memory <bytes>", "Memory limit of the build; the classic builder only"),
    noCache: flag("--no-cache", "Build every step anew"),
    print: flag("--print", "Print the build as a bake file"),
    provenance: text("--provenance <value>", "Add a provenance attestation"),
    pull: flag("--pull", "Look for newer base images"),
    push: flag("--push", "Push the images"),
    quiet: flag("-q, --quiet", "Build without showing progress"),
    sbom: text("--sbom <value>", "Add an SBOM attestation"),
    ssh: text("--ssh <id>", "SSH agent or keys for the build"),
    withDependencies: flag("--with-dependencies", "Build dependencies, too"),
    compress: flag("--compress", "Has no effect", { hidden: true }),
    forceRm: flag("--force-rm", "Has no effect", { hidden: true }),
    noRm: flag("--no-rm", "Has no effect", { hidden: true }),
    parallel: flag("--parallel", "Has no effect", { hidden: true }),
    progress: choice("--progress <style>", styles, "How progress is shown"),
  },
  examples: [["tscompose build --build-arg VERSION=1.2 web", "build the image of web with an argument"]],
  run: async (session, options, services) => {
    const asked = { ...options, services };
    if (options.print) {
      const { bake } = await import("../../actions/build.ts");
      session.print(`${JSON.stringify(await bake(await session.context(), asked), undefined, 2)}\n`);
    } else if (options.check) {
      await check(session, asked);
    } else {
      // docker's own variable for the progress of builds.
      const { BUILDKIT_PROGRESS: usual } = process.env;
      const style = fixedStyle(options.progress ?? session.globals.progress ?? usual);
      await change(session, { ...options, style }, async (context) => {
        const { build } = await import("../../actions/build.ts");
        return build(context, asked);
      });
    }
  },
});

/** Whoever checks wants to know of warnings, so that they count as a failure. */
async function check(session: Session, options: BuildOptions): Promise<void> {
  const { checkBuilds } = await import("../../actions/build.ts");
  const { formatDiagnostics } = await import("../../render/diagnostic.ts");
  const checked = await checkBuilds(await session.context(), options);
  for (const { service, problems } of checked) {
    const format = { colour: session.terminal.colour, cwd: process.cwd() };
    session.print(
      problems.length === 0 ? `${service}: no warnings\n` : `${service}:\n${formatDiagnostics(problems, format)}`,
    );
  }
  if (checked.some(({ problems }) => problems.length > 0)) throw new ExitError(1);
}
