import { flushed } from "./output.ts";
import { parseCommand, parseGlobals } from "./program.ts";
import { failure } from "./report.ts";
import { openSession } from "./session.ts";
import type { Session } from "./session.ts";
import { findVerb } from "./verbs.ts";

// What nobody waited for failed: one of our mistakes, told like the others, without a page of the bundle.
process.once("uncaughtException", (error) => void end(failure(error, undefined)));
// What we wait for never comes, and Node would leave as if all were done.
process.once("beforeExit", () => void end(failure(new Error("there is nothing left to wait for"), undefined)));
void end(main(process.argv.slice(2)));

async function end(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
  await flushed();
  // Open connections must not keep the program alive.
  process.exit();
}

/** The program: argv in, exit code out. */
async function main(argv: readonly string[]): Promise<number> {
  let session: Session | undefined;
  try {
    const { globals, rest, help } = parseGlobals(argv);
    session = openSession(globals);
    await dispatch(session, globals.version && !help ? ["version"] : rest, help);
    // Who listens ends quietly when told to; the exit code says why.
    return session.interrupts.first.aborted ? 130 : 0;
  } catch (error) {
    return await failure(error, session);
  } finally {
    await session?.close();
  }
}

async function dispatch(session: Session, words: readonly string[], help: boolean): Promise<void> {
  const [name, ...argv] = words[0] === "help" ? words.slice(1) : words;
  if (name === undefined) {
    const { mainHelp } = await import("./help.ts");
    session.print(mainHelp());
    return;
  }
  const spec = await findVerb(name);
  const parsed = parseCommand(spec, help || words[0] === "help" ? ["--help"] : argv);
  if ("help" in parsed) session.print(parsed.help);
  else await spec.run(session, parsed.values, parsed.args);
}
