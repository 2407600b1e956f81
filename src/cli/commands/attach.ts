import type { SessionIo } from "../../actions/stream-session.ts";
import { ExitError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag } from "../option.ts";
import { openSessionIo, ownTerminal } from "../session-io.ts";
import { detachKeys, index } from "./shared.ts";

export const attach: CommandSpec = command({
  name: "attach",
  summary: "Take over the terminal of a running container",
  arguments: "SERVICE",
  options: {
    detachKeys,
    index,
    noStdin: flag("--no-stdin", "Only look on, and type nothing"),
    sigProxy: flag("--sig-proxy", "Pass signals on to the container; --sig-proxy=false does not", { initial: true }),
  },
  examples: [["tscompose attach --no-stdin web", "see what web writes, as it writes it"]],
  run: async (session, { index, noStdin, sigProxy, ...given }, [service = ""]) => {
    const { attach } = await import("../../actions/attach.ts");
    const { chosenDetachKeys } = await import("../../actions/detach-keys.ts");
    const context = await session.context();
    const keys = await chosenDetachKeys(context, given.detachKeys);
    let opened: Disposable | undefined;
    const io = ({ tty, stdin }: { readonly tty: boolean; readonly stdin: boolean }): SessionIo => {
      const own = openSessionIo({ stdin, tty: tty && ownTerminal() !== undefined, detachKeys: keys });
      opened = own;
      return own;
    };
    const onSignal = sigProxy ? session.interrupts.passTo : undefined;
    try {
      const code = await attach(context, { service, index, noStdin, io, onSignal });
      if (code !== 0) throw new ExitError(code);
    } finally {
      opened?.[Symbol.dispose]();
    }
  },
});
