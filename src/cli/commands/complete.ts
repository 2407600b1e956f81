import type { ActionContext } from "../../actions/context.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { complete as suggest } from "../completion/complete.ts";
import { namesOf } from "../completion/names.ts";
import { walk } from "../completion/walk.ts";
import { bashReply, bashWords } from "../completion/words.ts";
import { currentFolder } from "../current-folder.ts";
import { sourceOptions } from "../environment.ts";
import { globalOptions } from "../globals.ts";
import { parseGlobals } from "../program.ts";

/** What the completion scripts call; nobody else has to know it. */
export const complete: CommandSpec = command({
  name: "__complete",
  summary: "Suggest what may be typed next",
  arguments: "SHELL [WORD...]",
  passThrough: true,
  options: {},
  examples: [["tscompose __complete fish -- up --", "flags of up"]],
  run: async (session, _options, [shell = "", ...typed]) => {
    const raw = typed[0] === "--" ? typed.slice(1) : typed;
    const words = shell === "bash" ? bashWords(raw) : raw;
    const context = async (): Promise<ActionContext> => {
      const { globals } = parseGlobals(globalWords(words.slice(0, -1)));
      const { openContext } = await import("../../actions/open.ts");
      // Who presses a key in a folder that he has only just got, wants no program of it run.
      const source = { ...sourceOptions(globals, process.env, currentFolder()), passive: true };
      const connection = { host: globals.host, context: globals.context };
      return openContext({ source, connection, signal: session.interrupts.first }).context;
    };
    const { found, also } = await suggest(words, namesOf(context));
    const cut = (value: string): string => (shell === "bash" ? bashReply(value, words.at(-1) ?? "") : value);
    for (const { value, description } of found) {
      session.print(description === undefined ? `${cut(value)}\n` : `${cut(value)}\t${description}\n`);
    }
    session.print(`:${also ?? ""}\n`);
  },
});

/** The flags before the verb say which project it is about; one that waits for its value says nothing yet. */
function globalWords(before: readonly string[]): readonly string[] {
  const { firstPositional, pending } = walk(before, globalOptions, true);
  return before.slice(0, pending !== undefined && firstPositional === before.length ? -1 : firstPositional);
}
