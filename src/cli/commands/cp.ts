import { UsageError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag } from "../option.ts";
import { writeBytes } from "../output.ts";
import { taskProgress } from "../task-progress.ts";
import { index } from "./shared.ts";

export const cp: CommandSpec = command({
  name: "cp",
  summary: "Copy files between this machine and containers",
  arguments: "SERVICE:PATH|LOCAL|- SERVICE:PATH|LOCAL|-",
  options: {
    all: flag("--all", "Containers of run, too"),
    archive: flag("-a, --archive", "Keep owners; copied in, all belongs to the container's user"),
    followLink: flag("-L, --follow-link", "Copy what a link leads to, not the link"),
    index,
  },
  examples: [
    ["tscompose cp web:/var/log/app.log .", "out of the first container of web"],
    ["tscompose cp conf/. web:/etc/app", "what is in conf, into every container of web"],
    ["tscompose cp db:/data - | gzip > data.tar.gz", "as a tar archive"],
  ],
  run: async (session, options, [source = "", destination = ""]) => {
    if (destination === "-" && process.stdout.isTTY) {
      throw new UsageError("an archive is not written to a terminal", "redirect it: > archive.tar");
    }
    const { cp } = await import("../../actions/cp.ts");
    const dryRun = options.dryRun || session.globals.dryRun;
    const say = taskProgress(session, { dryRun });
    await cp(await session.context({ dryRun }), {
      ...options,
      source,
      destination,
      ...(source === "-" && { input: process.stdin }),
      output: writeBytes,
      onCopy: ({ container, source: from, destination: to, state }) =>
        say({
          container,
          text: `copy ${from} to ${to}`,
          status: state === "copying" ? "Copying" : "Copied",
        }),
    });
  },
});
