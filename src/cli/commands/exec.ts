import { ExitError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, list, text } from "../option.ts";
import { openSessionIo } from "../session-io.ts";
import { index } from "./shared.ts";

export const exec: CommandSpec = command({
  name: "exec",
  summary: "Run a command in a running container",
  arguments: "SERVICE COMMAND [ARGS...]",
  passThrough: true,
  options: {
    detach: flag("-d, --detach", "Come back at once, and let it run"),
    env: list("-e, --env <name=value>", "Set a variable; repeatable"),
    index,
    privileged: flag("--privileged", "With all capabilities"),
    noTty: flag("-T, --no-tty", "Without a terminal, for pipes"),
    noTTY: flag("--no-TTY", "The same as --no-tty", { hidden: true }),
    user: text("-u, --user <name>", "As this user"),
    workdir: text("-w, --workdir <folder>", "In this folder of the container"),
    detachKeys: text("--detach-keys <keys>", "Keys that let it run on and come back (default ctrl-p,ctrl-q)"),
    interactive: flag("-i, --interactive", "Has no effect: input is always passed on", { hidden: true, initial: true }),
    tty: flag("-t, --tty", "Has no effect: a terminal is used where there is one", { hidden: true, initial: true }),
  },
  examples: [
    ["tscompose exec web sh", "a shell in the container"],
    ["tscompose exec -T db psql < dump.sql", "pass a file on"],
  ],
  run: async (session, options, [service = "", ...rest]) => {
    const { exec } = await import("../../actions/exec.ts");
    const tty = isTerminal() && !options.noTty && !options.noTTY && options.tty && !options.detach;
    const { detach, privileged, user, index, detachKeys } = options;
    const request = { service, command: rest, detach, privileged, user, index, tty };
    const context = await session.context();
    using io = openSessionIo({ stdin: !detach && options.interactive, tty, detachKeys });
    const code = await exec(context, { ...request, environment: options.env, workingDir: options.workdir, io });
    if (code !== 0) throw new ExitError(code);
  },
});

function isTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}
