import { EngineError, PlanError, ProjectError, UsageError } from "../model/error.ts";
import { formatDiagnostics } from "../render/diagnostic.ts";
import { formatFailure } from "../render/failure.ts";

/** Test runners show the message of an error and nothing of its data: places in files, last lines of logs, hints. */
export function explained<E>(error: E): E {
  const explanation = explanationOf(error);
  if (!(error instanceof Error) || explanation === "") return error;
  const { message, stack } = error;
  error.message = `${message}\n\n${explanation}`;
  // Some show the stack instead, which has the message in it.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  return error;
}

function explanationOf(error: unknown): string {
  if (error instanceof ProjectError) {
    return formatDiagnostics(error.diagnostics, { colour: false, cwd: process.cwd() });
  }
  if (error instanceof PlanError) return formatFailure(error, { colour: false, cwd: process.cwd() });
  return (error instanceof UsageError || error instanceof EngineError) && error.hint !== undefined
    ? `hint: ${error.hint}\n`
    : "";
}
