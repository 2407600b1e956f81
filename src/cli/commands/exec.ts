import { ExitError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, list, text } from "../option.ts";
import { openSessionIo, ownTerminal } from "../session-io.ts";
import { detachKeys, index } from "./shared.ts";

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
    detachKeys,
    interactive: flag("-i, --interactive", "Has no effect: input is always passed on", { hidden: true, initial: true }),
    tty: flag("-t, --tty", "Has no effect: a terminal is used where there is one", { hidden: true, initial: true }),
  },
  examples: [
    ["tscompose exec web sh", "a shell in the container"],
    ["tscompose exec -T db psql < dump.sql", "pass a file on"],
  ],
  run: async (session, options, [service = "", ...rest]) => {
    const { chosenDetachKeys } = await import("../../actions/detach-keys.ts");
    const { exec } = await import("../../actions/exec.ts");
    const tty = ownTerminal() !== undefined && !options.noTty && !options.noTTY && options.tty && !options.detach;
    const { detach, privileged, user, index } = options;
    const request = { service, command: rest, detach, privileged, user, index, tty };
    const context = await session.context();
    const keys = tty ? await chosenDetachKeys(context, options.detachKeys) : undefined;
    using io = openSessionIo({ stdin: !detach && options.interactive, tty, detachKeys: keys });
    const code = await exec(context, { ...request, environment: options.env, workingDir: options.workdir, io });
    if (code !== 0) throw new ExitError(code);
  },
});
