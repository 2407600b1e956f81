import { ExitError } from "../../model/error.ts";
import { withAutoPorts } from "../auto-ports.ts";
import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag, list, text } from "../option.ts";
import { nobodyReads, onNobodyReads } from "../output.ts";
import { openSessionIo, ownTerminal } from "../session-io.ts";
import { autoPorts, detachKeys, removeOrphans } from "./shared.ts";

export const run: CommandSpec = command({
  name: "run",
  summary: "Run one command in a new container of a service",
  arguments: "SERVICE [COMMAND] [ARGS...]",
  passThrough: true,
  options: {
    build: flag("--build", "Build images first"),
    capAdd: list("--cap-add <capability>", "Add a capability; repeatable"),
    capDrop: list("--cap-drop <capability>", "Drop a capability; repeatable"),
    detach: flag("-d, --detach", "Come back at once, and print the container's id"),
    entrypoint: text("--entrypoint <command>", "Instead of the entrypoint of the service or the image"),
    env: list("-e, --env <name=value>", "Set a variable; repeatable"),
    envFromFile: list("--env-from-file <file>", "Set the variables of this file; repeatable"),
    interactive: flag("-i, --interactive", "Pass input on; --interactive=false does not", { initial: true }),
    label: list("-l, --label <name=value>", "Set a label of the container; repeatable"),
    name: text("--name <name>", "What the container is called"),
    noDeps: flag("--no-deps", "Leave alone what the service depends on"),
    noTty: flag("-T, --no-tty", "Without a terminal, for pipes"),
    noTTY: flag("--no-TTY", "The same as --no-tty", { hidden: true }),
    tty: flag("-t, --tty", "Has no effect: a terminal is used where there is one", { hidden: true, initial: true }),
    publish: list("-p, --publish <port>", "Publish a port, written as in the file; repeatable"),
    servicePorts: flag("-P, --service-ports", "Publish the ports of the service"),
    autoPorts,
    pull: choice("--pull <when>", ["always", "missing", "never", "build", "policy"], "When to pull images"),
    quiet: flag("-q, --quiet", "Without progress"),
    quietBuild: flag("--quiet-build", "Build without showing progress"),
    quietPull: flag("--quiet-pull", "Pull without showing progress"),
    removeOrphans,
    rm: flag("--rm", "Remove the container when its command has ended or is interrupted"),
    useAliases: flag("--use-aliases", "Let the container answer for its service"),
    user: text("-u, --user <name>", "As this user"),
    volume: list("-v, --volume <mount>", "Mount a folder or a volume, written as in the file; repeatable"),
    workdir: text("-w, --workdir <folder>", "In this folder of the container"),
    detachKeys,
  },
  exclusive: [["servicePorts", "publish"]],
  examples: [
    ["tscompose run --rm web npm test", "what web depends on is started first"],
    ["tscompose run --rm -T db psql < dump.sql", "pass a file on"],
  ],
  run: async (session, given, [service = "", ...rest]) => {
    const { chosenDetachKeys } = await import("../../actions/detach-keys.ts");
    const { prepareRun } = await import("../../actions/run.ts");
    const { detach, interactive, quiet, rm, quietPull, quietBuild } = given;
    const terminal = ownTerminal();
    const tty = terminal !== undefined && !given.noTty && !given.noTTY && given.tty;
    const keys = tty ? await chosenDetachKeys(await session.context(), given.detachKeys) : undefined;
    const unread = new AbortController();
    const signal = AbortSignal.any([session.interrupts.first, unread.signal]);
    const prepared = await change(session, { ...given, quiet, signal, passesStdin: true }, (context) =>
      prepareRun(withAutoPorts(context, given.autoPorts, service), {
        ...given,
        service,
        command: rest,
        environment: given.env,
        envFiles: given.envFromFile,
        labels: given.label,
        volumes: given.volume,
        workingDir: given.workdir,
        pull: given.pull === "policy" ? undefined : given.pull,
        remove: rm,
        quietPull,
        quietBuild,
        tty,
        window: tty ? terminal : undefined,
      }),
    );
    const { container } = prepared;
    if (container === undefined) return;
    using io = openSessionIo({ stdin: interactive && !detach, tty, detachKeys: keys });
    // `run --rm web yes | head`: the container goes as well.
    onNobodyReads(() => unread.abort());
    const code = await prepared.start({ detach, io, onSignal: session.interrupts.passTo }).catch((error: unknown) => {
      throw unread.signal.aborted ? new ExitError(nobodyReads) : error;
    });
    if (detach) session.print(`${container.id}\n`);
    if (code !== 0) throw new ExitError(code);
  },
});
