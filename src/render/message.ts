import { printable } from "../model/printable.ts";
import { palette } from "./colour.ts";

export interface Message {
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where it was asked for: "compose.yaml:3:5". */
  readonly place?: string | undefined;
}

/** A message without a place in a file: `error: no such service: wbe`, and what to do. */
export function formatMessage(
  { severity, message, hint, place }: Message,
  options: { readonly colour: boolean },
): string {
  const { bold, red, yellow, cyan } = palette(options.colour);
  const paint = severity === "error" ? red : severity === "warning" ? yellow : cyan;
  const head = `${bold(paint(`${severity}:`))} ${printable(message)}\n${place === undefined ? "" : `  ${place}\n`}`;
  return hint === undefined || hint === "" ? head : `${head}  ${cyan("hint:")} ${printable(hint)}\n`;
}
