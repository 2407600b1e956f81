import type { ActionContext } from "../actions/context.ts";
import type { OpenContext } from "../actions/open.ts";
import { currentFolder } from "./current-folder.ts";
import { parallelLimit, sourceOptions } from "./environment.ts";
import type { Globals } from "./globals.ts";
import { listenForInterrupts } from "./interrupts.ts";
import type { Interrupts } from "./interrupts.ts";
import { write } from "./output.ts";
import { sayDiagnostic } from "./report.ts";
import { describeTerminal, ownTerminals } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

/** One run of the program: what the flags before the verb said, the terminal, and the way to an action's context. */
export interface Session {
  readonly globals: Globals;
  readonly terminal: Terminal;
  readonly interrupts: Interrupts;
  /** Results, to standard output. */
  print(text: string): void;
  /** For the person, to standard error. */
  say(text: string): void;
  /** The context of this run's action; made on first use, the same project and engine each time. */
  context(adjust?: Partial<ActionContext>): Promise<ActionContext>;
  /** Resolves when all warnings so far are written. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function openSession(globals: Globals): Session {
  const interrupts = listenForInterrupts();
  const terminal = describeTerminal(globals, process.env, ownTerminals);
  let saying = Promise.resolve();
  let opened: Promise<OpenContext> | undefined;
  const open = async (): Promise<OpenContext> => {
    const { openContext } = await import("../actions/open.ts");
    const given = openContext({
      source: sourceOptions(globals, process.env, currentFolder()),
      connection: { host: globals.host, context: globals.context },
      signal: interrupts.first,
      parallel: parallelLimit(globals, process.env),
      dryRun: globals.dryRun,
      report: (diagnostic) => {
        saying = saying.then(() => sayDiagnostic(diagnostic, session.terminal));
      },
    });
    if (!globals.verbose) return given;
    const { tellChoices } = await import("./verbose.ts");
    return tellChoices(given, (text) => session.say(text));
  };
  const session: Session = {
    globals,
    terminal,
    interrupts,
    print: (text) => write("stdout", text),
    say: (text) => write("stderr", text),
    async context(adjust = {}) {
      opened ??= open();
      return { ...(await opened).context, ...adjust };
    },
    settled: () => saying,
    async close() {
      await saying;
      await (await opened?.catch(() => undefined))?.close();
    },
  };
  return session;
}
