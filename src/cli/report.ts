import type { Diagnostic } from "../model/diagnostic.ts";
import { CancelledError, EngineError, ExitError, PlanError, ProjectError, UsageError } from "../model/error.ts";
import { write } from "./output.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

const plainTerminal: Terminal = { progress: "plain", colour: false, errorColour: false, interactive: false };

/** Says what went wrong, on standard error, and gives the exit code. */
export async function failure(error: unknown, session: Session | undefined): Promise<number> {
  if (error instanceof ExitError) return error.code;
  // An interrupted call fails in many ways; what the person did is the reason.
  if (error instanceof CancelledError || session?.interrupts.first.aborted === true) return 130;
  await session?.settled();
  const terminal = session?.terminal ?? plainTerminal;
  if (terminal.progress === "json") {
    const message = error instanceof Error ? error.message : String(error);
    write("stderr", `${JSON.stringify({ error: true, message })}\n`);
  } else {
    write("stderr", await describe(error, terminal.errorColour));
  }
  return 1;
}

/** A warning of the loader, as soon as it is known. */
export async function sayDiagnostic(diagnostic: Diagnostic, terminal: Terminal): Promise<void> {
  write("stderr", await diagnostics([diagnostic], terminal.errorColour));
}

async function describe(error: unknown, colour: boolean): Promise<string> {
  if (error instanceof ProjectError) return diagnostics(error.diagnostics, colour);
  if (error instanceof PlanError) {
    const { formatFailure } = await import("../render/failure.ts");
    return formatFailure(error, { colour, cwd: process.cwd() });
  }
  if (error instanceof UsageError || error instanceof EngineError) {
    const { formatMessage } = await import("../render/message.ts");
    return formatMessage({ severity: "error", message: error.message, hint: error.hint }, { colour });
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `tscompose has a bug; please report this:\n${text}\n`;
}

async function diagnostics(found: readonly Diagnostic[], colour: boolean): Promise<string> {
  const { formatDiagnostics } = await import("../render/diagnostic.ts");
  return formatDiagnostics(found, { colour, cwd: process.cwd() });
}
